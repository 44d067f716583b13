//! Formats of numbers with a check digit.

/// Returns whether a text is an ISBN of ten digits, the last of which may be `X`. White space and dashes are ignored.
pub(super) fn is_isbn10(text: &str) -> bool {
    let digits = without_separators(text);
    let is_place = |(index, byte): (usize, &u8)| byte.is_ascii_digit() || (index == 9 && *byte == b'X');
    let value = |byte: u8| if byte == b'X' { 10 } else { u32::from(byte - b'0') };
    digits.len() == 10
        && digits.iter().enumerate().all(is_place)
        && digits.iter().zip(1..).map(|(byte, weight)| weight * value(*byte)).sum::<u32>() % 11 == 0
}

/// Returns whether a text is an ISBN of thirteen digits. White space and dashes are ignored.
pub(super) fn is_isbn13(text: &str) -> bool {
    let digits = without_separators(text);
    let weights = [1, 3].into_iter().cycle();
    digits.len() == 13
        && digits.iter().all(u8::is_ascii_digit)
        && digits.iter().zip(weights).map(|(byte, weight)| weight * u32::from(byte - b'0')).sum::<u32>() % 10 == 0
}

fn without_separators(text: &str) -> Vec<u8> {
    text.bytes().filter(|byte| !matches!(byte, b'\t' | b'\n' | b'\x0C' | b'\r' | b' ' | b'-')).collect()
}

/// Returns whether a text is the number of a credit card: of a known issuer and with the right check digit. All other
/// characters are ignored.
pub(super) fn is_credit_card(text: &str) -> bool {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect();
    let luhn = digits.iter().rev().enumerate().map(|(index, digit)| match (index % 2, digit * 2) {
        (0, _) => u32::from(*digit),
        (_, double @ 10..) => u32::from(double - 9),
        (_, double) => u32::from(double),
    });
    is_of_issuer(&digits) && luhn.sum::<u32>().is_multiple_of(10)
}

fn is_of_issuer(digits: &[u8]) -> bool {
    matches!(
        (digits, digits.len()),
        ([4, ..], 13 | 16)
            | ([5, 1..=5, ..], 16)
            | ([6, 0, 1, 1, ..] | [6, 5, ..], 16)
            | ([3, 4 | 7, ..], 15)
            | ([3, 0, 0..=5, ..] | [3, 6 | 8, ..], 14)
            | ([2, 1, 3, 1, ..] | [1, 8, 0, 0, ..], 15)
            | ([3, 5, ..], 16)
    )
}
