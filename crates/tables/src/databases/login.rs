//! User names and passwords, from the address or from the environment.

use std::path::PathBuf;

use crate::address::Address;

/// An environment variable, if it is set and not empty.
pub(super) fn from_environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The user of the operating system.
pub(super) fn system_user() -> String {
    ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(from_environment).unwrap_or_else(|| "root".into())
}

/// The password for PostgreSQL: from the address, from `PGPASSWORD`, or from the password file.
pub(super) fn postgres_password(
    address: &Address,
    host: &str,
    port: u16,
    database: &str,
    user: &str,
) -> Option<String> {
    let given = address.password.clone().or_else(|| address.setting("password"));
    given.or_else(|| from_environment("PGPASSWORD")).or_else(|| {
        let text = std::fs::read_to_string(password_file()?).ok()?;
        find(&text, [host, &port.to_string(), database, user])
    })
}

/// `PGPASSFILE`, or `.pgpass` in the home directory. As in PostgreSQL's own programs, a file that other users can access is
/// ignored.
fn password_file() -> Option<PathBuf> {
    let named = from_environment("PGPASSFILE").map(PathBuf::from);
    let file = named.or_else(|| Some(PathBuf::from(from_environment("HOME")?).join(".pgpass")))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if std::fs::metadata(&file).ok()?.permissions().mode() & 0o077 != 0 {
            return None;
        }
    }
    Some(file)
}

/// The password in the first matching line of a password file: `host:port:database:user:password`, where `*` matches anything and
/// `\` escapes a `:` or `\`.
fn find(text: &str, place: [&str; 4]) -> Option<String> {
    text.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let fields = fields(line);
        let [wanted @ .., password] = fields.as_slice() else { return None };
        let fits = |(wanted, found): (&String, &str)| wanted == "*" || wanted == found;
        (wanted.len() == place.len() && wanted.iter().zip(place).all(fits)).then(|| password.clone())
    })
}

/// The five fields of a line; a password may hold colons.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut chars = line.chars();
    while let Some(char) = chars.next() {
        let text = match char {
            '\\' => chars.next(),
            ':' if fields.len() < 5 => {
                fields.push(String::new());
                None
            }
            other => Some(other),
        };
        fields.last_mut().into_iter().for_each(|field| field.extend(text));
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_file_is_read_as_postgresql_reads_it() {
        let text = "# comment\nother:5432:*:ann:no\nh:*:shop:ann:se:cr\\\\et\n*:*:*:*:last\nshort:line\n";
        assert_eq!(find(text, ["h", "5432", "shop", "ann"]).as_deref(), Some("se:cr\\et"));
        assert_eq!(find(text, ["h", "5432", "shop", "bob"]).as_deref(), Some("last"));
        assert_eq!(find("h:1:d:u:p", ["h", "1", "d", "x"]), None);
        assert_eq!(find(r"h\:1:1:d:u:p", ["h:1", "1", "d", "u"]).as_deref(), Some("p"));
    }
}
