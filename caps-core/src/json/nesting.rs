/// The deepest nesting allowed; QEMU's JSON parser has the same limit.
pub(super) const MAX_DEPTH: usize = 1024;

/// The open containers.
#[derive(Default)]
pub(super) struct Open {
    depth: usize,
    /// Whether each is an object, the innermost in the lowest bit.
    objects: u64,
    /// The same for those outside of the innermost 1 to 64.
    outer: Vec<u64>,
}

impl Open {
    #[inline]
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Returns whether the innermost container is an object.
    #[inline]
    pub(super) fn in_object(&self) -> bool {
        self.objects & 1 == 1
    }

    /// Opens a container, if the limit permits.
    #[inline]
    pub(super) fn push(&mut self, is_object: bool) -> Option<()> {
        if self.depth.is_multiple_of(64) {
            self.begin_word()?;
        }
        self.objects = self.objects << 1 | u64::from(is_object);
        self.depth += 1;
        Some(())
    }

    #[cold]
    fn begin_word(&mut self) -> Option<()> {
        if self.depth == MAX_DEPTH {
            return None;
        }
        if self.depth > 0 {
            self.outer.push(std::mem::take(&mut self.objects));
        }
        Some(())
    }

    #[inline]
    pub(super) fn pop(&mut self) {
        self.depth -= 1;
        self.objects >>= 1;
        if self.depth.is_multiple_of(64) {
            self.objects = self.outer.pop().unwrap_or_default();
        }
    }
}

const _: () = assert!(MAX_DEPTH.is_multiple_of(64), "the limit is checked where a word is full");

#[cfg(test)]
mod tests {
    use crate::json::Document;

    /// The brackets that open and close so many containers, of which every third is an object.
    fn nested(depth: usize) -> (String, String) {
        let open = |level: usize| if level.is_multiple_of(3) { "{\"a\": " } else { "[" };
        let close = |level: usize| if level.is_multiple_of(3) { '}' } else { ']' };
        ((0..depth).map(open).collect(), (0..depth).rev().map(close).collect())
    }

    #[test]
    fn containers_close_in_the_order_in_which_they_were_opened() {
        for depth in [1, 2, 63, 64, 65, 127, 128, 129, 192, 1023, 1024] {
            let (open, close) = nested(depth);
            let document = Document::parse(format!("{open}1{close}")).expect("well nested");
            let mut node = document.root();
            for level in 0..depth {
                node = if level % 3 == 0 { node.get("a") } else { node.elements().next() }
                    .expect("one");
            }
            assert_eq!(node.as_i64(), Some(1));
            for wrong in 0..depth.min(130) {
                let other = if close.as_bytes()[wrong] == b'}' { "]" } else { "}" };
                let mut close = close.clone();
                close.replace_range(wrong..=wrong, other);
                let error = Document::parse(format!("{open}1{close}")).expect_err("wrongly nested");
                assert_eq!(error.column, open.len() + 2 + wrong, "{depth}: {error}");
            }
        }
        let (open, close) = nested(1025);
        let error = Document::parse(format!("{open}1{close}")).expect_err("too deep").to_string();
        assert!(error.ends_with("more than 1024 levels of nesting"), "{error}");
    }
}
