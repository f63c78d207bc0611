use crate::names::closed_set;

closed_set! {
    /// The kind of a schema entry: `meta-type` of QAPI's `SchemaInfo`.
    pub enum MetaType: "a meta-type", {
        /// A QMP command.
        Command = "command",
        /// A QMP event.
        Event = "event",
        /// A JSON object.
        Object = "object",
        /// An array.
        Array = "array",
        /// A string from a fixed list.
        Enum = "enum",
        /// One of several types, distinguished by their JSON types.
        Alternate = "alternate",
        /// A type built into QAPI.
        Builtin = "builtin",
    }
}
