//! Every type, one per line: the list from which everything else about types is derived.

/// Calls a macro with the types as `module: Variant`, in the order of the model's logits. A type's module is a file in
/// `types/`, and its name is the type's code. To add a type, write that file and add a line here; CONTRIBUTING.md lists the data
/// files that the tests then ask for. The model has to be trained again.
macro_rules! for_each_type {
    ($macro:ident) => {
        $macro! {
            name: Name,
            username: Username,
            email: Email,
            url: Url,
            useragent: Useragent,
            job: Job,
            gender: Gender,
            ethnicity: Ethnicity,
            education: Education,
            state: State,
            priority: Priority,
            boolean: Boolean,
            age: Age,
            id_card: IdCard,
            phone: Phone,
            bank_card: BankCard,
            amount: Amount,
            coordinate: Coordinate,
            plate: Plate,
            date: Date,
            time: Time,
            datetime: Datetime,
            ip: Ip,
            int: Int,
            float: Float,
            percent: Percent,
            address: Address,
            residential: Residential,
            company: Company,
            hospital: Hospital,
            recreation: Recreation,
            shopping: Shopping,
        }
    };
}

pub(crate) use for_each_type;
