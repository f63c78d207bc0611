use super::json_errors::{JsonErrors, MAX_NESTING, MAX_TOKEN_COUNT};
use super::lexer::{Lexer, MAX_TOKEN_SIZE, Token, TokenKind};
use super::literal;
use super::parser::Parser;
use super::value::Value;

/// Parses a client's input into values, or QEMU's messages for malformed ones.
///
/// Values need no separators and may span lines. After an error, QEMU resumes at the next byte that
/// can appear between values if the error was a stray byte, or else once brackets balance.
#[derive(Debug)]
pub(super) struct Stream {
    lexer: Lexer,
    frame: Frame,
}

/// The tokens of one value, from the first until brackets balance.
#[derive(Debug)]
struct Frame {
    errors: JsonErrors,
    parser: Parser,
    braces: i64,
    brackets: i64,
    count: usize,
    size: usize,
    state: FrameState,
}

#[derive(Debug)]
enum FrameState {
    Reading,
    /// The value is malformed, to be reported when the frame ends.
    Broken(String),
    /// The error was already reported.
    Reported,
}

impl Stream {
    pub(super) fn new(errors: JsonErrors) -> Self {
        Self { lexer: Lexer::default(), frame: Frame::new(errors) }
    }

    /// Processes a byte; `emit` receives what it completes.
    pub(super) fn feed(&mut self, byte: u8, mut emit: impl FnMut(Result<Value, String>)) {
        let frame = &mut self.frame;
        self.lexer.feed(byte, |token| frame.take(&token, &mut emit));
    }
}

impl Frame {
    fn new(errors: JsonErrors) -> Self {
        Self {
            errors,
            parser: Parser::default(),
            braces: 0,
            brackets: 0,
            count: 0,
            size: 0,
            state: FrameState::Reading,
        }
    }

    fn take(&mut self, token: &Token<'_>, emit: &mut impl FnMut(Result<Value, String>)) {
        match token.kind {
            TokenKind::Mark(b'{') => self.braces += 1,
            TokenKind::Mark(b'}') => self.braces -= 1,
            TokenKind::Mark(b'[') => self.brackets += 1,
            TokenKind::Mark(b']') => self.brackets -= 1,
            TokenKind::Stray => {
                if !matches!(self.state, FrameState::Reported) {
                    let problem = format!("stray '{}'", literal::shown(token.bytes));
                    emit(Err(self.errors.describe(&problem, token.at)));
                }
                *self = Self::new(self.errors);
                return;
            }
            _ => {}
        }
        if let Some(limit) = self.exceeded(token) {
            if !matches!(self.state, FrameState::Reported) {
                emit(Err(format!("JSON {limit} limit exceeded")));
            }
            self.parser = Parser::default();
            self.state = FrameState::Reported;
            if self.errors == JsonErrors::Collecting {
                *self = Self::new(self.errors);
                return;
            }
        }
        self.count += 1;
        self.size += token.bytes.len();
        let mut value = None;
        if matches!(self.state, FrameState::Reading) {
            match self.parser.take(token, self.errors) {
                Ok(complete) => value = complete,
                Err(problem) => self.break_off(self.errors.describe(&problem, token.at), emit),
            }
        }
        let open = self.braces > 0 || self.brackets > 0;
        if open && self.braces >= 0 && self.brackets >= 0 {
            return;
        }
        match (std::mem::replace(&mut self.state, FrameState::Reading), value) {
            (FrameState::Broken(problem), _) => emit(Err(problem)),
            (FrameState::Reading, Some(value)) => emit(Ok(value)),
            (FrameState::Reading | FrameState::Reported, _) => {}
        }
        *self = Self::new(self.errors);
    }

    /// The limit that a token would exceed, if any.
    fn exceeded(&self, token: &Token<'_>) -> Option<&'static str> {
        if self.size + token.bytes.len() + 1 > MAX_TOKEN_SIZE {
            Some("token size")
        } else if self.count + 1 > MAX_TOKEN_COUNT {
            Some("token count")
        } else if self.braces + self.brackets > MAX_NESTING {
            Some("nesting depth")
        } else {
            None
        }
    }

    fn break_off(&mut self, problem: String, emit: &mut impl FnMut(Result<Value, String>)) {
        self.parser = Parser::default();
        self.state = match self.errors {
            JsonErrors::Collecting => FrameState::Broken(problem),
            JsonErrors::Immediate => {
                emit(Err(problem));
                FrameState::Reported
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::super::lexer::Position;
    use super::*;

    const TOKEN: usize = 10;

    /// What is said about a token of ten bytes in a frame, and whether the frame then waits for its end.
    fn said(frame: &Frame, errors: JsonErrors) -> (Option<String>, bool) {
        let mut frame =
            Frame { parser: Parser::default(), state: FrameState::Reading, errors, ..*frame };
        let at = Position { line: 1, column: 1 };
        let token = Token { kind: TokenKind::String, bytes: &[b'"'; TOKEN], at };
        let mut errors = Vec::new();
        frame.take(&token, &mut |value| errors.extend(value.err()));
        (errors.pop().filter(|error| error.contains("limit")), frame.count > 0)
    }

    #[test]
    fn each_limit_is_that_of_qemu() {
        let frame = |braces, brackets, count, size| Frame {
            braces,
            brackets,
            count,
            size,
            ..Frame::new(JsonErrors::Immediate)
        };
        let (nested, half) = (MAX_NESTING, MAX_NESTING / 2);
        for (frame, limit) in [
            (frame(1, 0, 0, MAX_TOKEN_SIZE - TOKEN - 1), None),
            (frame(1, 0, 0, MAX_TOKEN_SIZE - TOKEN), Some("size")),
            (frame(1, 0, 0, MAX_TOKEN_SIZE + 1), Some("size")),
            (frame(1, 0, MAX_TOKEN_COUNT - 1, 0), None),
            (frame(1, 0, MAX_TOKEN_COUNT, 0), Some("count")),
            (frame(1, 0, MAX_TOKEN_COUNT + 1, 0), Some("count")),
            (frame(nested, 0, 0, 0), None),
            (frame(0, nested, 0, 0), None),
            (frame(half, nested - half, 0, 0), None),
            (frame(half, nested - half + 1, 0, 0), Some("depth")),
            (frame(nested + 2, 0, 0, 0), Some("depth")),
        ] {
            let (error, waits) = said(&frame, JsonErrors::Immediate);
            let found = error.as_deref().and_then(|error| error.split(' ').nth(2));
            assert_eq!((found, waits), (limit, true), "{frame:?}");
            // Newer QEMUs begin anew at once.
            let (error, waits) = said(&frame, JsonErrors::Collecting);
            assert_eq!((error.is_some(), waits), (limit.is_some(), limit.is_none()), "{frame:?}");
        }
    }

    #[test]
    fn tokens_and_their_bytes_are_counted() {
        let mut frame = Frame::new(JsonErrors::Immediate);
        let mark =
            Token { kind: TokenKind::Mark(b'['), bytes: b"[", at: Position { line: 1, column: 1 } };
        for (number, brackets) in (1..=3).zip(1..) {
            frame.take(&mark, &mut |_| {});
            assert_eq!((frame.count, frame.size, frame.brackets), (number, number, brackets));
        }
    }
}
