/// The size limit in bytes for one token, and for all tokens of one value.
pub(super) const MAX_TOKEN_SIZE: usize = 64 << 20;
/// The memory in bytes that is kept for the next token.
const KEPT: usize = 65_536;

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// One of `{}[]:,`.
    Mark(u8),
    Integer,
    Float,
    Keyword,
    /// Includes the quotes, which are double or single.
    String,
    /// Bytes that can't start a token or that interrupt one.
    Stray,
    /// A token that exceeded the size limit.
    Oversized,
}

/// The start of a token: line and column from 1, in bytes since the connection was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: u64,
    pub(super) column: u64,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    pub(super) kind: TokenKind,
    pub(super) bytes: &'t [u8],
    pub(super) at: Position,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    /// After an error: drops everything up to a byte that allows a fresh start.
    Recovery,
    /// Inside a string with this quote.
    String(u8),
    Escape(u8),
    Minus,
    Zero,
    Digits,
    Point,
    Fraction,
    ExponentMark,
    ExponentSign,
    Exponent,
    Keyword,
}

/// The effect of a byte on the current token.
#[derive(Clone, Copy)]
enum Step {
    /// The byte belongs to the token.
    Continue(State),
    /// The byte completes the token.
    End(TokenKind),
    /// The token ended before the byte.
    EndBefore(TokenKind),
    /// The byte is dropped.
    Skip(State),
    /// Recovery ends, and the byte starts anew.
    Restart,
}

/// Splits a client's bytes into tokens, one byte at a time, as QEMU does.
#[derive(Debug)]
pub(super) struct Lexer {
    state: State,
    token: Vec<u8>,
    began: Position,
    at: Position,
}

impl Default for Lexer {
    fn default() -> Self {
        let start = Position { line: 1, column: 0 };
        Self { state: State::Start, token: Vec::new(), began: start, at: start }
    }
}

impl Lexer {
    /// Processes a byte; `emit` receives the one or two tokens that it completes.
    pub(super) fn feed(&mut self, byte: u8, mut emit: impl FnMut(Token<'_>)) {
        self.at.column += 1;
        if byte == b'\n' {
            self.at = Position { line: self.at.line + 1, column: 0 };
        }
        let step = self.step(byte);
        match step {
            Step::EndBefore(kind) => {
                self.end(kind, &mut emit);
                // QEMU counts a byte twice if it ended the token before it.
                let at = Position { column: self.at.column + 1, ..self.at };
                self.start(byte, at, &mut emit);
            }
            Step::Restart => {
                let at = Position { column: self.at.column + 1, ..self.at };
                self.state = State::Start;
                self.start(byte, at, &mut emit);
            }
            step => self.take(byte, self.at, step, &mut emit),
        }
    }

    fn start(&mut self, byte: u8, at: Position, emit: &mut impl FnMut(Token<'_>)) {
        let step = self.step(byte);
        self.take(byte, at, step, emit);
    }

    fn take(&mut self, byte: u8, at: Position, step: Step, emit: &mut impl FnMut(Token<'_>)) {
        if self.token.is_empty() {
            self.began = at;
        }
        match step {
            Step::Continue(state) => {
                self.token.push(byte);
                self.state = state;
                if self.token.len() > MAX_TOKEN_SIZE {
                    self.end(TokenKind::Oversized, emit);
                }
            }
            Step::End(kind) => {
                self.token.push(byte);
                self.end(kind, emit);
            }
            Step::Skip(state) => self.state = state,
            // Neither occurs at the start of a token.
            Step::EndBefore(_) | Step::Restart => self.state = State::Start,
        }
    }

    fn end(&mut self, kind: TokenKind, emit: &mut impl FnMut(Token<'_>)) {
        emit(Token { kind, bytes: &self.token, at: self.began });
        self.token.clear();
        self.token.shrink_to(KEPT);
        self.state = if kind == TokenKind::Stray { State::Recovery } else { State::Start };
    }

    fn step(&self, byte: u8) -> Step {
        match self.state {
            State::Start => start_of_token(byte),
            State::Recovery => match byte {
                b'\t' => Step::Skip(State::Recovery),
                0..0x20 | 0xfe.. | b'{' | b'}' | b'[' | b']' | b':' | b',' => Step::Restart,
                _ => Step::Skip(State::Recovery),
            },
            State::String(_) | State::Escape(_) if matches!(byte, 0..0x20 | 0xfe..) => {
                Step::End(TokenKind::Stray)
            }
            State::Escape(quote) => Step::Continue(State::String(quote)),
            State::String(quote) => match byte {
                b'\\' => Step::Continue(State::Escape(quote)),
                _ if byte == quote => Step::End(TokenKind::String),
                _ => Step::Continue(State::String(quote)),
            },
            State::Keyword => match byte {
                b'a'..=b'z' => Step::Continue(State::Keyword),
                _ => Step::EndBefore(TokenKind::Keyword),
            },
            state => in_number(state, byte),
        }
    }
}

fn start_of_token(byte: u8) -> Step {
    match byte {
        b' ' | b'\t' | b'\r' | b'\n' => Step::Skip(State::Start),
        b'{' | b'}' | b'[' | b']' | b':' | b',' => Step::End(TokenKind::Mark(byte)),
        b'"' | b'\'' => Step::Continue(State::String(byte)),
        b'-' => Step::Continue(State::Minus),
        b'0' => Step::Continue(State::Zero),
        b'1'..=b'9' => Step::Continue(State::Digits),
        b'a'..=b'z' => Step::Continue(State::Keyword),
        _ => Step::End(TokenKind::Stray),
    }
}

fn in_number(state: State, byte: u8) -> Step {
    let next = match (state, byte) {
        (State::Minus, b'0') => State::Zero,
        (State::Minus, b'1'..=b'9') | (State::Digits, b'0'..=b'9') => State::Digits,
        (State::Zero | State::Digits, b'.') => State::Point,
        (State::Digits | State::Fraction, b'e' | b'E') => State::ExponentMark,
        (State::Point | State::Fraction, b'0'..=b'9') => State::Fraction,
        (State::ExponentMark, b'+' | b'-') => State::ExponentSign,
        (State::ExponentMark | State::ExponentSign | State::Exponent, b'0'..=b'9') => {
            State::Exponent
        }
        // After a leading zero, QEMU allows neither digits nor an exponent.
        (State::Zero, b'0'..=b'9') => return Step::End(TokenKind::Stray),
        (State::Zero | State::Digits, _) => return Step::EndBefore(TokenKind::Integer),
        (State::Fraction | State::Exponent, _) => return Step::EndBefore(TokenKind::Float),
        _ => return Step::End(TokenKind::Stray),
    };
    Step::Continue(next)
}

#[cfg(test)]
mod tests {
    use super::{KEPT, Lexer, MAX_TOKEN_SIZE, State, TokenKind};

    #[test]
    fn a_token_is_oversized_only_above_the_limit_and_its_memory_is_released() {
        let token = vec![b'x'; MAX_TOKEN_SIZE - 1];
        let mut lexer = Lexer { state: State::String(b'"'), token, ..Lexer::default() };
        let mut sizes = Vec::new();
        for byte in [b'x', b'x', b' '] {
            lexer.feed(byte, |token| sizes.push((token.kind, token.bytes.len())));
            assert_eq!(sizes.is_empty(), lexer.token.len() == MAX_TOKEN_SIZE);
        }
        assert_eq!(sizes, [(TokenKind::Oversized, MAX_TOKEN_SIZE + 1)]);
        assert!(lexer.token.capacity() <= KEPT, "{}", lexer.token.capacity());
    }
}
