//! Reads lines with the number of a type and an object. Responds with `=` and the object as the type writes it, or with
//! the column where reading stopped and the reason.
#![allow(warnings)]

mod units;

fn through<T: serde::Serialize + serde::de::DeserializeOwned>(json: &str) -> serde_json::Result<String> {
    serde_json::to_string(&serde_json::from_str::<T>(json)?)
}

fn answer(number: usize, json: &str) -> serde_json::Result<String> {
    match number {
        // types
        _ => unreachable!("no such type"),
    }
}

fn main() {
    for line in std::io::stdin().lines() {
        let line = line.expect("a line");
        let (number, json) = line.split_once(' ').expect("a number and an object");
        match answer(number.parse().expect("a number"), json) {
            Ok(written) => println!("={written}"),
            Err(error) => println!("{} {}", error.column(), error.to_string().replace('\n', " ")),
        }
    }
}
