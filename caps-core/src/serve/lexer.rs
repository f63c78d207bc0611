use super::dialect::MAX_TOKEN_SIZE;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// One of `{}[]:,`.
    Mark(u8),
    Integer,
    Float,
    Keyword,
    /// With its quotes, double or single.
    String,
    /// Bytes that begin no token, or break one off.
    Stray,
    /// A token that grew too large to be kept.
    Oversized,
}

/// Where a token begins: line and column from 1, in bytes since the connection was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: u64,
    pub(super) column: u64,
}

/// A token and its bytes.
#[derive(Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: TokenKind,
    pub(super) bytes: &'t [u8],
    pub(super) at: Position,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    /// After an error: everything up to a byte that can start anew is dropped.
    Recovery,
    /// In a string that this quote ends.
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

/// What a byte does to the token before it.
enum Step {
    /// It belongs to the token.
    Continue(State),
    /// It is the token's last byte.
    End(TokenKind),
    /// The token ended before it.
    EndBefore(TokenKind),
    /// It is dropped.
    Skip(State),
    /// Recovery is over, and the byte starts anew.
    Restart,
}

/// Cuts what a client sends into tokens, byte by byte, as QEMU does.
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
    /// Takes the next byte; `emit` gets the one or two tokens that it ends.
    pub(super) fn feed(&mut self, byte: u8, mut emit: impl FnMut(Token<'_>)) {
        self.at.column += 1;
        if byte == b'\n' {
            self.at = Position { line: self.at.line + 1, column: 0 };
        }
        let step = self.step(byte);
        match step {
            Step::EndBefore(kind) => {
                self.end(kind, &mut emit);
                // QEMU counts a byte that ended the token before it twice.
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
            // Neither comes at the start of a token.
            Step::EndBefore(_) | Step::Restart => self.state = State::Start,
        }
    }

    fn end(&mut self, kind: TokenKind, emit: &mut impl FnMut(Token<'_>)) {
        emit(Token { kind, bytes: &self.token, at: self.began });
        // A large token's room isn't kept.
        if self.token.capacity() > 1 << 16 {
            self.token = Vec::new();
        }
        self.token.clear();
        self.state = if kind == TokenKind::Stray { State::Recovery } else { State::Start };
    }

    fn step(&self, byte: u8) -> Step {
        use Step::{Continue, End, EndBefore, Restart, Skip};
        use TokenKind::{Float, Integer, Keyword, Mark, Stray};
        match (self.state, byte) {
            (State::Start, b' ' | b'\t' | b'\r' | b'\n') => Skip(State::Start),
            (State::Start, b'{' | b'}' | b'[' | b']' | b':' | b',') => End(Mark(byte)),
            (State::Start, b'"' | b'\'') => Continue(State::String(byte)),
            (State::Start | State::Minus, b'0') => Continue(State::Zero),
            (State::Start | State::Minus, b'1'..=b'9') => Continue(State::Digits),
            (State::Start, b'-') => Continue(State::Minus),
            (State::Start | State::Keyword, b'a'..=b'z') => Continue(State::Keyword),
            (State::Start, _) => End(Stray),

            (State::Recovery, 0..0x20 | 0xfe.. | b'{' | b'}' | b'[' | b']' | b':' | b',') => {
                Restart
            }
            (State::Recovery, _) => Skip(State::Recovery),

            (State::String(_) | State::Escape(_), 0..0x20 | 0xfe..) => End(Stray),
            (State::Escape(quote), _) => Continue(State::String(quote)),
            (State::String(quote), b'\\') => Continue(State::Escape(quote)),
            (State::String(quote), _) if byte == quote => End(TokenKind::String),
            (State::String(quote), _) => Continue(State::String(quote)),

            (State::Zero, b'0'..=b'9') => End(Stray),
            (State::Digits, b'0'..=b'9') => Continue(State::Digits),
            (State::Zero | State::Digits, b'.') => Continue(State::Point),
            (State::Zero | State::Digits | State::Fraction, b'e' | b'E') => {
                Continue(State::ExponentMark)
            }
            (State::Point | State::Fraction, b'0'..=b'9') => Continue(State::Fraction),
            (State::ExponentMark, b'+' | b'-') => Continue(State::ExponentSign),
            (State::ExponentMark | State::ExponentSign | State::Exponent, b'0'..=b'9') => {
                Continue(State::Exponent)
            }
            (State::Minus | State::Point | State::ExponentMark | State::ExponentSign, _) => {
                End(Stray)
            }
            (State::Zero | State::Digits, _) => EndBefore(Integer),
            (State::Fraction | State::Exponent, _) => EndBefore(Float),
            (State::Keyword, _) => EndBefore(Keyword),
        }
    }
}
