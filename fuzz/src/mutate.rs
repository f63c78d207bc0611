//! Seeded mutations of a corpus, for runs without a fuzzer.

/// A sequence of inputs; equal seeds give equal sequences.
#[derive(Debug)]
pub struct Mutator {
    corpus: Vec<Vec<u8>>,
    state: u64,
}

/// Pieces of the formats that are read.
const TOKENS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ":",
    ",",
    "\\u0000",
    "\\ud800",
    "\\",
    "\n",
    "\n\n",
    "\r\n",
    " ",
    "null",
    "true",
    "1e999",
    "-0",
    "18446744073709551616",
    "0x7f",
    "<",
    ">",
    "</",
    "/>",
    "&",
    "&#x1;",
    "'",
    "=",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "/",
    "^",
    "$",
    "*",
    "+",
    "..",
    "id",
    "execute",
    "return",
    "error",
    "libvirt-1",
    "qmp_capabilities",
    "query-version",
    "name",
    "type",
    "\u{e9}",
    "\u{0}",
    "\u{7f}",
    "[[",
    "~0",
    "x86_64",
    "10.0.0",
    "latest",
    "all",
    ",,",
    "on",
    "off",
    "@",
    "#",
];

impl Mutator {
    /// Starts a sequence of inputs from a corpus that is not empty.
    pub fn new(corpus: Vec<Vec<u8>>, seed: u64) -> Self {
        Self { corpus, state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 }
    }

    /// A number below `limit`, or 0, by xorshift.
    fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state % limit.max(1) as u64).expect("less than a usize")
    }

    /// The next input.
    pub fn input(&mut self) -> Vec<u8> {
        let chosen = self.below(self.corpus.len());
        let mut input = self.corpus[chosen].clone();
        for _ in 0..self.below(5) {
            self.change(&mut input);
        }
        input
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len() + 1);
        let end = at + self.below((input.len() - at).min(40) + 1);
        match self.below(7) {
            0 if at < input.len() => input[at] ^= 1 << self.below(8),
            1 => drop(input.drain(at..end)),
            2 => {
                let part = input[at..end].to_vec();
                let to = self.below(input.len() + 1);
                input.splice(to..to, part);
            }
            3 => {
                let other = self.below(self.corpus.len());
                let other = self.corpus[other].clone();
                let from = self.below(other.len());
                let until = from + self.below((other.len() - from).min(60) + 1);
                input.splice(at..end, other[from..until].iter().copied());
            }
            4 => input.truncate(at),
            _ => {
                let token = TOKENS[self.below(TOKENS.len())];
                input.splice(at..end.min(at + 4), token.bytes());
            }
        }
    }
}
