//! Charts as SVG.

use std::fmt::Write;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 320.0;
const EDGE: f64 = 56.0;

/// Returns a chart of points that are connected by lines. Both axes are logarithmic.
pub fn lines(title: &str, points: &[(f64, f64)]) -> String {
    let drawn: Vec<_> = points.iter().copied().filter(|(x, y)| *x > 0.0 && *y > 0.0).collect();
    let (x, y) = (Axis::new(drawn.iter().map(|point| point.0)), Axis::new(drawn.iter().map(|point| point.1)));
    let place = |(a, b): &(f64, f64)| {
        let across = EDGE + x.share(*a) * (WIDTH - 2.0 * EDGE);
        (across, HEIGHT - EDGE - y.share(*b) * (HEIGHT - 2.0 * EDGE))
    };
    let mut svg = format!("<h2>{title}</h2>\n<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" role=\"img\">\n");
    let line: Vec<String> = drawn.iter().map(place).map(|(a, b)| format!("{a:.1},{b:.1}")).collect();
    let _ = writeln!(svg, "<polyline fill=\"none\" stroke=\"#369\" stroke-width=\"2\" points=\"{}\"/>", line.join(" "));
    for point in &drawn {
        let (a, b) = place(point);
        let _ = writeln!(svg, "<circle cx=\"{a:.1}\" cy=\"{b:.1}\" r=\"4\" fill=\"#369\"/>");
        let _ = writeln!(svg, "<text x=\"{a:.1}\" y=\"{:.1}\" font-size=\"12\">{:.3} s</text>", b - 10.0, point.1);
        let _ = writeln!(svg, "<text x=\"{a:.1}\" y=\"{:.1}\" font-size=\"12\">{}</text>", HEIGHT - 20.0, point.0);
    }
    svg + "</svg>\n"
}

/// A logarithmic axis.
struct Axis {
    least: f64,
    most: f64,
}

impl Axis {
    fn new(values: impl Iterator<Item = f64> + Clone) -> Self {
        let least = values.clone().fold(f64::INFINITY, f64::min);
        Self { least, most: values.fold(least, f64::max) }
    }

    /// Returns the place of a value between the ends of the axis, from 0 to 1.
    fn share(&self, value: f64) -> f64 {
        let length = (self.most / self.least).ln();
        if length > 0.0 { (value / self.least).ln() / length } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn a_chart_begins_and_ends_at_its_edges() {
        let svg = lines("a", &[(1.0, 0.1), (10.0, 1.0), (100.0, 10.0)]);
        assert!(svg.contains("points=\"56.0,264.0 320.0,160.0 584.0,56.0\""), "{svg}");
        assert!(lines("b", &[]).contains("points=\"\""));
    }
}
