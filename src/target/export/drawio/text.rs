//! Numbers, labels and places as the file has them.

/// Where along a line (-1 to 1) the point nearest to another lies, and how far that is aside.
pub(super) fn along(points: &[(f64, f64)], at: (f64, f64)) -> (f64, (f64, f64)) {
    let length = |a: (f64, f64), b: (f64, f64)| (b.0 - a.0).abs() + (b.1 - a.1).abs();
    let whole: f64 = points.windows(2).map(|step| length(step[0], step[1])).sum();
    let mut gone = 0.0;
    let mut best = (f64::MAX, 0.0, (0.0, 0.0));
    for step in points.windows(2) {
        let (a, b) = (step[0], step[1]);
        let near = (at.0.clamp(a.0.min(b.0), a.0.max(b.0)), at.1.clamp(a.1.min(b.1), a.1.max(b.1)));
        let aside = (at.0 - near.0, at.1 - near.1);
        let far = length(at, near);
        if far < best.0 {
            best = (far, gone + length(a, near), aside);
        }
        gone += length(a, b);
    }
    if whole <= 0.0 { (0.0, (0.0, 0.0)) } else { (2.0 * best.1 / whole - 1.0, best.2) }
}

/// One decimal, none where it is zero.
pub(super) fn number(value: f64) -> String {
    rounded(value, 10.0)
}

/// Four decimals: a share of a large box is many px.
pub(super) fn exact(value: f64) -> String {
    rounded(value, 10_000.0)
}

pub(super) fn rounded(value: f64, by: f64) -> String {
    let value = (value * by).round() / by;
    if value == 0.0 { "0".to_owned() } else { value.to_string() }
}

/// Text as HTML, which labels are.
pub(super) fn markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Text as the value of an attribute.
pub(super) fn attribute(text: &str) -> String {
    markup(text).replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_stays_where_it_was() {
        let points = [(0.0, 0.0), (0.0, 30.0), (10.0, 30.0)];
        assert_eq!(along(&points, (0.0, 10.0)), (-0.5, (0.0, 0.0)));
        assert_eq!(along(&points, (4.0, 33.0)), (0.7, (0.0, 3.0)));
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!([number(1.0), number(-0.04), number(2.26), exact(0.33333)], ["1", "0", "2.3", "0.3333"]);
    }
}
