use super::json_errors::{Expected, JsonErrors};
use super::lexer::{Token, TokenKind};
use super::literal;
use super::value::{Dict, Value};

/// Builds a value from tokens, one at a time.
#[derive(Debug, Default)]
pub(super) struct Parser {
    open: Vec<Open>,
}

/// An open container.
#[derive(Debug)]
struct Open {
    container: Container,
    next: Next,
}

#[derive(Debug)]
enum Container {
    /// With the key of the next value.
    Dict(Dict, String),
    List(Vec<Value>),
}

/// What an open container expects next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    KeyOrEnd,
    Key,
    Colon,
    ValueOrEnd,
    Value,
    SeparatorOrEnd,
}

impl Parser {
    /// Processes a token; returns the value it completes, if any.
    pub(super) fn take(
        &mut self,
        token: &Token<'_>,
        errors: JsonErrors,
    ) -> Result<Option<Value>, String> {
        let refuse = |expected| Err(errors.words(expected).to_owned());
        let Some(top) = self.open.last_mut() else { return self.value(token, errors) };
        let is_dict = matches!(top.container, Container::Dict(..));
        match (top.next, token.kind) {
            (Next::KeyOrEnd | Next::SeparatorOrEnd, TokenKind::Mark(b'}')) if is_dict => {
                self.close(errors)
            }
            (Next::ValueOrEnd | Next::SeparatorOrEnd, TokenKind::Mark(b']')) if !is_dict => {
                self.close(errors)
            }
            (Next::SeparatorOrEnd, TokenKind::Mark(b',')) => {
                top.next = if is_dict { Next::Key } else { Next::Value };
                Ok(None)
            }
            (Next::SeparatorOrEnd, _) if is_dict => refuse(Expected::DictSeparator),
            (Next::SeparatorOrEnd, _) => refuse(Expected::ListSeparator),
            (Next::Colon, TokenKind::Mark(b':')) => {
                top.next = Next::Value;
                Ok(None)
            }
            (Next::Colon, _) => refuse(Expected::Colon),
            (Next::KeyOrEnd | Next::Key, kind)
                if errors == JsonErrors::Immediate && kind != TokenKind::String =>
            {
                refuse(Expected::Key)
            }
            _ => self.value(token, errors),
        }
    }

    /// Handles a token in place of a value; older QEMUs parse keys as values, too.
    fn value(&mut self, token: &Token<'_>, errors: JsonErrors) -> Result<Option<Value>, String> {
        let (container, next) = match token.kind {
            TokenKind::Mark(b'{') => {
                (Container::Dict(Dict::default(), String::new()), Next::KeyOrEnd)
            }
            TokenKind::Mark(b'[') => (Container::List(Vec::new()), Next::ValueOrEnd),
            TokenKind::Mark(_) => return Err(errors.words(Expected::Value).to_owned()),
            _ => return self.complete(literal::value(token)?, errors),
        };
        self.open.push(Open { container, next });
        Ok(None)
    }

    fn close(&mut self, errors: JsonErrors) -> Result<Option<Value>, String> {
        match self.open.pop().map(|open| open.container) {
            Some(Container::Dict(dict, _)) => self.complete(Value::Dict(dict), errors),
            Some(Container::List(list)) => self.complete(Value::List(list), errors),
            None => Ok(None),
        }
    }

    /// Adds a value to the innermost container.
    fn complete(&mut self, value: Value, errors: JsonErrors) -> Result<Option<Value>, String> {
        let Some(top) = self.open.last_mut() else { return Ok(Some(value)) };
        match (&mut top.container, top.next) {
            (Container::Dict(_, key), Next::KeyOrEnd | Next::Key) => {
                let Value::Str(text) = value else {
                    return Err(errors.words(Expected::StringKey).to_owned());
                };
                *key = text;
                top.next = Next::Colon;
            }
            (Container::Dict(dict, key), _) => {
                if dict.contains(key) {
                    return Err("duplicate key".to_owned());
                }
                dict.insert(std::mem::take(key), value);
                top.next = Next::SeparatorOrEnd;
            }
            (Container::List(list), _) => {
                list.push(value);
                top.next = Next::SeparatorOrEnd;
            }
        }
        Ok(None)
    }
}
