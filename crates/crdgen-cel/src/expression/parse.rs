//! Parser of CEL expressions, with the optional syntax (`.?`, `[?`) that API servers enable.
//!
//! The depth of an expression is limited, so that neither parsing nor evaluation can exhaust the stack. The parser is
//! written by hand for this limit, and because a generated parser is large.

use super::ast::{Entry, Expr, Item, Literal};
use super::operators::Operator;
use super::token::{Token, tokens};
use super::value::TypeName;
use super::{calls, names, token};
use crate::CompileError;
use crate::re2::Patterns;

/// Maximum depth of the expression tree.
const MAX_DEPTH: usize = 250;
/// Maximum number of nested brackets. Each costs the parser a dozen stack frames.
const MAX_NESTING: usize = 64;

/// Maximum length of an expression in characters, as in cel-go.
const MAX_LENGTH: usize = 100_000;

const TOO_DEEP: &str = "the expression is nested too deeply";
const MESSAGE: &str = "the expression makes a message of protobuf";

/// Parses a rule. Compiled regular expressions are shared through `patterns`.
pub(super) fn parse(text: &str, patterns: &mut Patterns) -> Result<Expr, CompileError> {
    if text.len() > MAX_LENGTH && text.chars().count() > MAX_LENGTH {
        return Err(CompileError::Refused(format!("the expression has more than {MAX_LENGTH} characters")));
    }
    parsed(text, patterns).map_err(|reason| match reason.as_str() {
        TOO_DEEP | MESSAGE => CompileError::Unknown(reason),
        _ => CompileError::Refused(reason),
    })
}

fn parsed(text: &str, patterns: &mut Patterns) -> Result<Expr, String> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, nesting: 0, patterns };
    let tree = parser.conditional()?;
    match parser.peek() {
        Token::End => Ok(tree.expr),
        other => Err(format!("unexpected {other:?}")),
    }
}

/// Expression with its depth.
pub(super) struct Tree {
    pub(super) expr: Expr,
    depth: usize,
}

impl Tree {
    /// Returns the depth of a node with these children.
    fn above<'t>(below: impl IntoIterator<Item = &'t Tree>) -> Result<usize, String> {
        let depth = 1 + below.into_iter().map(|tree| tree.depth).max().unwrap_or_default();
        if depth > MAX_DEPTH { Err(TOO_DEEP.into()) } else { Ok(depth) }
    }
}

type Parsed = Result<Tree, String>;

struct Parser<'t, 'p> {
    tokens: Vec<Token<'t>>,
    at: usize,
    nesting: usize,
    patterns: &'p mut Patterns,
}

impl<'t> Parser<'t, '_> {
    fn peek(&self) -> &Token<'t> {
        &self.tokens[self.at]
    }

    fn advance(&mut self) -> Token<'t> {
        let token = self.tokens[self.at].clone();
        // `End` is never consumed.
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(found) if *found == sign);
        if found {
            self.advance();
        }
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), String> {
        if self.take(sign) { Ok(()) } else { Err(format!("expected `{sign}` instead of {:?}", self.peek())) }
    }

    fn conditional(&mut self) -> Parsed {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(TOO_DEEP.into());
        }
        let mut tree = self.any_of()?;
        if self.take("?") {
            let then = self.any_of()?;
            self.expect(":")?;
            let otherwise = self.conditional()?;
            let depth = Tree::above([&tree, &then, &otherwise])?;
            tree = Tree { expr: Expr::Conditional(Box::new([tree.expr, then.expr, otherwise.expr])), depth };
        }
        self.nesting -= 1;
        Ok(tree)
    }

    fn any_of(&mut self) -> Parsed {
        self.junction("||", Self::all_of, Expr::Or)
    }

    fn all_of(&mut self) -> Parsed {
        self.junction("&&", Self::relation, Expr::And)
    }

    fn junction(&mut self, sign: &str, operand: fn(&mut Self) -> Parsed, make: fn(Vec<Expr>) -> Expr) -> Parsed {
        let first = operand(self)?;
        if !matches!(self.peek(), Token::Sign(found) if *found == sign) {
            return Ok(first);
        }
        let mut operands = vec![first];
        while self.take(sign) {
            operands.push(operand(self)?);
        }
        let depth = Tree::above(&operands)?;
        Ok(Tree { expr: make(operands.into_iter().map(|tree| tree.expr).collect()), depth })
    }

    fn relation(&mut self) -> Parsed {
        self.binary(Self::addition, |token| {
            Some(match token {
                Token::Sign("==") => Operator::Equal,
                Token::Sign("!=") => Operator::NotEqual,
                Token::Sign("<") => Operator::Less,
                Token::Sign("<=") => Operator::LessEqual,
                Token::Sign(">") => Operator::Greater,
                Token::Sign(">=") => Operator::GreaterEqual,
                Token::Word("in") => Operator::In,
                _ => return None,
            })
        })
    }

    fn addition(&mut self) -> Parsed {
        self.binary(Self::multiplication, |token| {
            Some(match token {
                Token::Sign("+") => Operator::Add,
                Token::Sign("-") => Operator::Subtract,
                _ => return None,
            })
        })
    }

    fn multiplication(&mut self) -> Parsed {
        self.binary(Self::unary, |token| {
            Some(match token {
                Token::Sign("*") => Operator::Multiply,
                Token::Sign("/") => Operator::Divide,
                Token::Sign("%") => Operator::Remainder,
                _ => return None,
            })
        })
    }

    fn binary(&mut self, operand: fn(&mut Self) -> Parsed, operator: fn(&Token<'_>) -> Option<Operator>) -> Parsed {
        let mut left = operand(self)?;
        while let Some(found) = operator(self.peek()) {
            self.advance();
            let right = operand(self)?;
            let depth = Tree::above([&left, &right])?;
            left = Tree { expr: Expr::Binary(found, Box::new([left.expr, right.expr])), depth };
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed {
        let (sign, make): (_, fn(Box<Expr>) -> Expr) = match self.peek() {
            Token::Sign("!") => ("!", Expr::Not),
            Token::Sign("-") => ("-", Expr::Negate),
            _ => return self.member(),
        };
        let mut times = 0;
        while self.take(sign) {
            times += 1;
        }
        // A single minus belongs to the number after it. Otherwise the smallest integer could not be written.
        let literal = if sign == "-" && times == 1 { self.negative_number()? } else { None };
        let mut tree = match literal {
            Some(expr) => {
                times -= 1;
                self.postfix(Tree { expr, depth: 1 })?
            }
            None => self.member()?,
        };
        // Pairs of signs cancel out, as in cel-go.
        if times % 2 == 1 {
            let depth = Tree::above([&tree])?;
            tree = Tree { expr: make(Box::new(tree.expr)), depth };
        }
        Ok(tree)
    }

    fn negative_number(&mut self) -> Result<Option<Expr>, String> {
        let literal = match *self.peek() {
            Token::Int(value) => {
                let value = 0_i64.checked_sub_unsigned(value).ok_or("an integer is out of range")?;
                Literal::Int(value)
            }
            Token::Double(value) => Literal::Double(-value),
            _ => return Ok(None),
        };
        self.advance();
        Ok(Some(Expr::Literal(literal)))
    }

    fn member(&mut self) -> Parsed {
        let primary = self.primary()?;
        self.postfix(primary)
    }

    fn postfix(&mut self, mut tree: Tree) -> Parsed {
        loop {
            if self.take(".") {
                let field = self.field()?;
                tree = if self.take("(") { self.member_call(tree, &field)? } else { select(tree, field)? };
            } else if self.take(".?") {
                let depth = Tree::above([&tree])?;
                tree = Tree { expr: Expr::OptionalSelect(Box::new(tree.expr), self.field()?), depth };
            } else if self.take("[") {
                tree = self.index(tree, Expr::Index)?;
            } else if self.take("[?") {
                tree = self.index(tree, Expr::OptionalIndex)?;
            } else if *self.peek() == Token::Sign("{") && is_message(&tree.expr) {
                return Err(MESSAGE.into());
            } else {
                return Ok(tree);
            }
        }
    }

    fn index(&mut self, operand: Tree, make: fn(Box<Expr>, Box<Expr>) -> Expr) -> Parsed {
        let index = self.conditional()?;
        self.expect("]")?;
        let depth = Tree::above([&operand, &index])?;
        Ok(Tree { expr: make(Box::new(operand.expr), Box::new(index.expr)), depth })
    }

    fn field(&mut self) -> Result<String, String> {
        match self.advance() {
            Token::Word(word) if !matches!(word, "in" | "true" | "false" | "null") => Ok(word.to_owned()),
            other => Err(format!("expected a field instead of {other:?}")),
        }
    }

    fn member_call(&mut self, target: Tree, name: &str) -> Parsed {
        let arguments = self.arguments(")")?;
        let depth = Tree::above(arguments.iter().chain([&target]))?;
        let arguments = arguments.into_iter().map(|tree| tree.expr).collect();
        Ok(Tree { expr: calls::member(target.expr, name, arguments, self.patterns)?, depth })
    }

    fn arguments(&mut self, close: &str) -> Result<Vec<Tree>, String> {
        let mut arguments = Vec::new();
        while !self.take(close) {
            if !arguments.is_empty() {
                self.expect(",")?;
            }
            arguments.push(self.conditional()?);
        }
        Ok(arguments)
    }

    fn primary(&mut self) -> Parsed {
        let expr = match self.advance() {
            Token::Sign("(") => {
                let tree = self.conditional()?;
                self.expect(")")?;
                return Ok(tree);
            }
            Token::Sign("[") => return self.list(false),
            Token::Sign("[?") => return self.list(true),
            Token::Sign("{") => return self.map(false),
            Token::Sign("{?") => return self.map(true),
            // A leading dot names the root scope, which is the only scope.
            Token::Sign(".") => {
                let name = self.field()?;
                match self.take("(") {
                    _ if names::is_reserved(&name) => return Err(format!("`{name}` is a reserved word")),
                    true if name == "has" => return Err("a macro has no leading dot".into()),
                    true => return self.global_call(&name),
                    false => Expr::Name(name),
                }
            }
            Token::Word("true") => Expr::Literal(Literal::Bool(true)),
            Token::Word("false") => Expr::Literal(Literal::Bool(false)),
            Token::Word("null") => Expr::Literal(Literal::Null),
            Token::Word(word) if names::is_reserved(word) => {
                return Err(format!("`{word}` is a reserved word"));
            }
            Token::Word(word) if self.take("(") => return self.global_call(word),
            Token::Word(word) => Expr::Name(word.to_owned()),
            literal => Expr::Literal(self.literal(literal)?),
        };
        Ok(Tree { expr, depth: 1 })
    }

    fn global_call(&mut self, name: &str) -> Parsed {
        let arguments = self.arguments(")")?;
        let depth = Tree::above(&arguments)?;
        let arguments = arguments.into_iter().map(|tree| tree.expr).collect();
        Ok(Tree { expr: calls::global(name, arguments, self.patterns)?, depth })
    }

    fn literal(&self, token: token::Token<'t>) -> Result<Literal, String> {
        Ok(match token {
            Token::Int(value) => Literal::Int(value.try_into().map_err(|_| "an integer is out of range")?),
            Token::Uint(value) => Literal::Uint(value),
            Token::Double(value) => Literal::Double(value),
            Token::String(value) => Literal::String(value.into_owned()),
            Token::Bytes(value) => Literal::Bytes(value),
            other => return Err(format!("unexpected {other:?}")),
        })
    }

    fn list(&mut self, mut optional: bool) -> Parsed {
        let mut items = Vec::new();
        let mut depth = 1;
        self.skip_comma("]");
        while optional || !self.take("]") {
            let tree = self.conditional()?;
            depth = depth.max(Tree::above([&tree])?);
            items.push(Item { value: tree.expr, optional });
            optional = self.separated("]")?;
        }
        Ok(Tree { expr: Expr::List(items), depth })
    }

    fn map(&mut self, mut optional: bool) -> Parsed {
        let mut entries = Vec::new();
        let mut depth = 1;
        self.skip_comma("}");
        while optional || !self.take("}") {
            let key = self.conditional()?;
            self.expect(":")?;
            let value = self.conditional()?;
            depth = depth.max(Tree::above([&key, &value])?);
            entries.push(Entry { key: key.expr, value: value.expr, optional });
            optional = self.separated("}")?;
        }
        Ok(Tree { expr: Expr::Map(entries), depth })
    }

    /// Consumes the comma of `[,]`, which cel-go allows in an empty literal.
    fn skip_comma(&mut self, close: &str) {
        let is_close = matches!(self.tokens.get(self.at + 1), Some(Token::Sign(sign)) if *sign == close);
        if is_close {
            self.take(",");
        }
    }

    /// Consumes the comma before another entry, if there is one, and returns whether that entry is optional.
    fn separated(&mut self, close: &str) -> Result<bool, String> {
        if self.take(",") {
            return Ok(self.take("?"));
        }
        match self.peek() {
            Token::Sign(sign) if *sign == close => Ok(false),
            other => Err(format!("expected `,` or `{close}` instead of {other:?}")),
        }
    }
}

/// Selects a field, unless the dotted words so far are the name of a type.
fn select(operand: Tree, field: String) -> Parsed {
    let depth = Tree::above([&operand])?;
    let expr = Expr::Select(Box::new(operand.expr), field);
    let named = qualified(&expr).and_then(|name| TypeName::named(&name));
    Ok(Tree { expr: named.map_or(expr, |name| Expr::Literal(Literal::Type(name))), depth })
}

/// Returns whether an expression is the name of a message of protobuf.
fn is_message(expr: &Expr) -> bool {
    let is_known = |name: &str| name.starts_with("google.protobuf.");
    match expr {
        Expr::Literal(Literal::Type(name)) => is_known(name.0),
        expr => qualified(expr).is_some_and(|name| is_known(&name)),
    }
}

/// Returns `a.b.c` for an expression that consists of words and dots only.
fn qualified(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Name(name) => Some(name.clone()),
        Expr::Select(operand, field) => Some(format!("{}.{field}", qualified(operand)?)),
        _ => None,
    }
}
