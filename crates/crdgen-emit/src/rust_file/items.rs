//! Items of a file, as tokens.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// Tokens of an item.
pub struct Item {
    tokens: Vec<TokenTree>,
    /// Number of tokens of the outer attributes.
    attributes: usize,
}

/// Splits a file into its inner attributes, docs first, and its items.
pub fn split(file: TokenStream) -> ([TokenStream; 2], Vec<Item>) {
    let mut trees = file.into_iter().peekable();
    let (mut docs, mut attributes) = (TokenStream::new(), TokenStream::new());
    let mut items = Vec::new();
    let mut item = Item { tokens: Vec::new(), attributes: 0 };
    while let Some(tree) = trees.next() {
        let is_bang = |next: &TokenTree| is_punct(next, '!');
        if item.tokens.is_empty() && is_punct(&tree, '#') && trees.peek().is_some_and(is_bang) {
            let attribute = [Some(tree), trees.next(), trees.next()];
            let is_doc = matches!(&attribute[2], Some(content) if begins_with(content, "doc"));
            if is_doc { &mut docs } else { &mut attributes }.extend(attribute.into_iter().flatten());
            continue;
        }
        let ends = item.ends_with(&tree);
        item.tokens.push(tree);
        if item.tokens.len() == item.attributes + 2 && item.is_attribute() {
            item.attributes += 2;
        }
        if ends {
            items.push(std::mem::replace(&mut item, Item { tokens: Vec::new(), attributes: 0 }));
        }
    }
    if !item.tokens.is_empty() {
        items.push(item);
    }
    ([docs, attributes], items)
}

impl Item {
    /// Returns all tokens, with those of the outer attributes.
    pub fn tokens(&self) -> &[TokenTree] {
        &self.tokens
    }

    /// Returns the kind of an item that is grouped with its neighbours of the same kind: imports, exports, modules.
    pub fn kind(&self) -> Option<(&'static str, bool)> {
        let is_private = self.keyword().len() == self.code().len();
        match self.keyword() {
            [word, ..] if is_word(word, "use") => Some(("use", is_private)),
            [word, .., end] if is_word(word, "mod") && is_punct(end, ';') => Some(("mod", false)),
            _ => None,
        }
    }

    /// Returns whether the item is a call of the macro with this name.
    pub fn calls(&self, name: &str) -> bool {
        self.call(name).is_some()
    }

    /// Returns the path and the content in braces, if the item is a call of the macro with this name.
    pub fn call(&self, name: &str) -> Option<(&[TokenTree], TokenStream)> {
        match self.code() {
            [path @ .., bang, TokenTree::Group(content)]
                if is_punct(bang, '!') && path.last().is_some_and(|last| is_word(last, name)) =>
            {
                (content.delimiter() == Delimiter::Brace).then(|| (path, content.stream()))
            }
            _ => None,
        }
    }

    /// Returns the tokens after the outer attributes.
    fn code(&self) -> &[TokenTree] {
        &self.tokens[self.attributes..]
    }

    /// Returns the tokens after the visibility.
    fn keyword(&self) -> &[TokenTree] {
        match self.code() {
            [public, TokenTree::Group(_), rest @ ..] | [public, rest @ ..] if is_word(public, "pub") => rest,
            code => code,
        }
    }

    fn is_attribute(&self) -> bool {
        matches!(self.code(), [hash, TokenTree::Group(_)] if is_punct(hash, '#'))
    }

    /// Returns whether the item is complete with this token.
    fn ends_with(&self, token: &TokenTree) -> bool {
        const TO_SEMICOLON: [&str; 4] = ["const", "static", "type", "use"];
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                !self.keyword().first().is_some_and(|first| TO_SEMICOLON.iter().any(|word| is_word(first, word)))
            }
            token => is_punct(token, ';'),
        }
    }
}

/// Returns whether a token is this word.
pub fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

/// Returns whether a token is this mark.
pub fn is_punct(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

/// Returns whether a token is this mark and belongs together with the next one.
pub fn is_joint(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark && punct.spacing() == Spacing::Joint)
}

fn begins_with(token: &TokenTree, word: &str) -> bool {
    let TokenTree::Group(content) = token else { return false };
    content.stream().into_iter().next().is_some_and(|first| is_word(&first, word))
}
