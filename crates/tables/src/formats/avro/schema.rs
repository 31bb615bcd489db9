//! The schema of an Avro file.

use std::collections::HashMap;

use serde_json::Value;

use crate::named_rows::NamedRows;

/// The maximum nesting depth of types.
pub(super) const MAX_DEPTH: usize = 32;
/// The maximum number of types in a schema.
const MAX_TYPES: usize = 200_000;
/// The maximum number of fields of a record, including those of nested records.
const MAX_FIELDS: u64 = 200_000;

/// The index of a type in [`Schema`].
pub(super) type Type = usize;

/// All types of a file; a record may hold itself.
pub(super) struct Schema {
    types: Vec<Kind>,
    root: Type,
}

/// A type.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
    Fixed(usize),
    Enum(Vec<String>),
    Array(Type),
    Map(Type),
    Union(Vec<Type>),
    Record(Vec<(String, Type)>),
    /// Days since 1970-01-01.
    Date,
    /// A time of day; the number is the units per second.
    Time(i64),
    /// The time since 1970-01-01: the units per second, and whether it has a time zone, which is always UTC.
    Timestamp(i64, bool),
    /// A decimal number: the type that holds its bytes, and the number of decimal places.
    Decimal(Type, usize),
}

impl Schema {
    pub(super) fn parse(json: &str) -> Result<Self, String> {
        let json: Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
        let mut parser = Parser { types: Vec::new(), names: HashMap::new() };
        let root = parser.parse(&json, "", 0)?;
        let schema = Self { types: parser.types, root };
        let mut sizes = vec![None; schema.types.len()];
        for of in 0..schema.types.len() {
            if schema.size(of, 0, &mut sizes)? > MAX_FIELDS {
                return Err("a record has more fields than can be read".into());
            }
        }
        Ok(schema)
    }

    /// How many fields a record has, including those of nested records. Fields may take no bytes at all, so nothing else limits
    /// their number; arrays and unions take at least a byte each.
    fn size(&self, of: Type, depth: usize, sizes: &mut [Option<u64>]) -> Result<u64, String> {
        if depth > 4 * MAX_DEPTH {
            return Err("its records lie too deep in one another".into());
        }
        if let Some(size) = sizes[of] {
            return Ok(size);
        }
        let mut size = 1_u64;
        if let Kind::Record(fields) = &self.types[of] {
            for (_, of) in fields {
                size = size.saturating_add(self.size(*of, depth + 1, sizes)?);
            }
        }
        sizes[of] = Some(size);
        Ok(size)
    }

    pub(super) fn root(&self) -> &Kind {
        &self.types[self.root]
    }

    pub(super) fn root_type(&self) -> Type {
        self.root
    }

    pub(super) fn kind(&self, of: Type) -> &Kind {
        &self.types[of]
    }

    /// Adds the columns of the root type, with Avro's names of their types.
    pub(super) fn add_columns(&self, rows: &mut NamedRows) {
        self.add(self.root, "", &mut Vec::new(), rows);
    }

    /// Adds the columns of a type. `open` are the records that contain it; to expand one of them again would never end.
    fn add(&self, of: Type, name: &str, open: &mut Vec<Type>, rows: &mut NamedRows) {
        match self.record(of).filter(|record| open.len() < MAX_DEPTH && !open.contains(record)) {
            Some(record) => {
                open.push(record);
                let fields: &[(String, Type)] =
                    if let Kind::Record(fields) = &self.types[record] { fields } else { &[] };
                for (field, of) in fields {
                    let name = if name.is_empty() { field.clone() } else { format!("{name}.{field}") };
                    self.add(*of, &name, open, rows);
                }
                open.pop();
            }
            None => {
                if let Some(column) = rows.column(name) {
                    rows.declare(column, self.declared(of));
                }
            }
        }
    }

    /// The type itself if it is a record; for a union of a record and at most one other type, such as `null`, the record.
    fn record(&self, of: Type) -> Option<Type> {
        let is_record = |of: &Type| matches!(self.types[*of], Kind::Record(_));
        match &self.types[of] {
            Kind::Record(_) => Some(of),
            Kind::Union(types) if types.len() <= 2 => {
                let mut records = types.iter().copied().filter(is_record);
                records.next().filter(|_| records.next().is_none())
            }
            _ => None,
        }
    }

    fn declared(&self, of: Type) -> String {
        match &self.types[of] {
            Kind::Null => "null".into(),
            Kind::Boolean => "boolean".into(),
            Kind::Int => "int".into(),
            Kind::Long => "long".into(),
            Kind::Float => "float".into(),
            Kind::Double => "double".into(),
            Kind::Bytes => "bytes".into(),
            Kind::String => "string".into(),
            Kind::Fixed(_) => "fixed".into(),
            Kind::Enum(_) => "enum".into(),
            Kind::Array(_) => "array".into(),
            Kind::Map(_) => "map".into(),
            Kind::Record(_) => "record".into(),
            Kind::Date => "date".into(),
            Kind::Time(_) => "time".into(),
            Kind::Timestamp(..) => "timestamp".into(),
            Kind::Decimal(..) => "decimal".into(),
            Kind::Union(types) => {
                let others = types
                    .iter()
                    .filter(|of| self.types[**of] != Kind::Null && !matches!(self.types[**of], Kind::Union(_)));
                others.map(|of| self.declared(*of)).collect::<Vec<_>>().join(" or ")
            }
        }
    }
}

struct Parser {
    types: Vec<Kind>,
    names: HashMap<String, Type>,
}

impl Parser {
    fn push(&mut self, kind: Kind) -> Result<Type, String> {
        if self.types.len() >= MAX_TYPES {
            return Err("it has more types than can be read".into());
        }
        self.types.push(kind);
        Ok(self.types.len() - 1)
    }

    fn parse(&mut self, json: &Value, namespace: &str, depth: usize) -> Result<Type, String> {
        if depth > MAX_DEPTH * 4 {
            return Err("its types lie too deep in one another".into());
        }
        match json {
            Value::String(name) => self.named(name, namespace),
            Value::Array(types) => {
                let types =
                    types.iter().map(|json| self.parse(json, namespace, depth + 1)).collect::<Result<_, _>>()?;
                self.push(Kind::Union(types))
            }
            Value::Object(object) => {
                let namespace = object.get("namespace").and_then(Value::as_str).unwrap_or(namespace);
                self.parse_object(object, namespace, depth)
            }
            _ => Err("expected a type".into()),
        }
    }

    fn named(&mut self, name: &str, namespace: &str) -> Result<Type, String> {
        let kind = match name {
            "null" => Kind::Null,
            "boolean" => Kind::Boolean,
            "int" => Kind::Int,
            "long" => Kind::Long,
            "float" => Kind::Float,
            "double" => Kind::Double,
            "bytes" => Kind::Bytes,
            "string" => Kind::String,
            other => {
                let found = self.names.get(&full_name(other, namespace)).or_else(|| self.names.get(other));
                return found.copied().ok_or_else(|| format!("there is no type `{other}`"));
            }
        };
        self.push(kind)
    }

    fn parse_object(
        &mut self,
        object: &serde_json::Map<String, Value>,
        namespace: &str,
        depth: usize,
    ) -> Result<Type, String> {
        let field = |name: &str| object.get(name).ok_or_else(|| format!("expected `{name}` in a type"));
        let kind = field("type")?;
        let logical = object.get("logicalType").and_then(Value::as_str);
        let name = object.get("name").and_then(Value::as_str).map(|name| full_name(name, namespace));
        let inner =
            name.as_deref().and_then(|name| name.rsplit_once('.')).map_or(namespace, |(inner, _)| inner).to_owned();
        let of = match kind.as_str() {
            Some("record" | "error") => {
                let of = self.push(Kind::Record(Vec::new()))?;
                // Registered before its fields are parsed, since they may be of this type.
                self.names.extend(name.map(|name| (name, of)));
                let mut fields = Vec::new();
                for json in field("fields")?.as_array().ok_or("expected a list of fields")? {
                    let name = json.get("name").and_then(Value::as_str).ok_or("expected the name of a field")?;
                    let json = json.get("type").ok_or("expected the type of a field")?;
                    fields.push((name.to_owned(), self.parse(json, &inner, depth + 1)?));
                }
                self.types[of] = Kind::Record(fields);
                return Ok(of);
            }
            Some("enum") => {
                let symbols = field("symbols")?.as_array().ok_or("expected a list of symbols")?;
                let symbols = symbols.iter().map(|symbol| symbol.as_str().unwrap_or_default().to_owned()).collect();
                self.push(Kind::Enum(symbols))?
            }
            Some("fixed") => {
                let size = field("size")?.as_u64().and_then(|size| usize::try_from(size).ok());
                self.push(Kind::Fixed(size.ok_or("expected the size of a fixed type")?))?
            }
            Some("array") => {
                let of = self.parse(field("items")?, namespace, depth + 1)?;
                self.push(Kind::Array(of))?
            }
            Some("map") => {
                let of = self.parse(field("values")?, namespace, depth + 1)?;
                self.push(Kind::Map(of))?
            }
            _ => self.parse(kind, namespace, depth + 1)?,
        };
        self.names.extend(name.map(|name| (name, of)));
        match (logical, self.types[of].clone()) {
            (Some("date"), Kind::Int) => self.push(Kind::Date),
            (Some("time-millis"), Kind::Int) => self.push(Kind::Time(1_000)),
            (Some("time-micros"), Kind::Long) => self.push(Kind::Time(1_000_000)),
            (Some("timestamp-millis"), Kind::Long) => self.push(Kind::Timestamp(1_000, true)),
            (Some("timestamp-micros"), Kind::Long) => self.push(Kind::Timestamp(1_000_000, true)),
            (Some("timestamp-nanos"), Kind::Long) => self.push(Kind::Timestamp(1_000_000_000, true)),
            (Some("local-timestamp-millis"), Kind::Long) => self.push(Kind::Timestamp(1_000, false)),
            (Some("local-timestamp-micros"), Kind::Long) => self.push(Kind::Timestamp(1_000_000, false)),
            (Some("decimal"), Kind::Bytes | Kind::Fixed(_)) => {
                let scale = object.get("scale").and_then(Value::as_u64).unwrap_or(0).min(1_000);
                self.push(Kind::Decimal(of, scale as usize))
            }
            _ => Ok(of),
        }
    }
}

fn full_name(name: &str, namespace: &str) -> String {
    if name.contains('.') || namespace.is_empty() { name.to_owned() } else { format!("{namespace}.{name}") }
}
