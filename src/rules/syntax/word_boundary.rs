//! `syntax/word-boundary`.

rule! {
    /// A blank or the end of a line is missing between two words, or a blank cuts a word in two.
    ///
    /// ## Why
    ///
    /// Words that have grown together are one word for HAProxy, and two lines without an end between them are one line. Then it
    /// complains of a keyword that it does not know, of an address that is none, and, where the lost line opened a section, of every
    /// line below. All of that goes away with one blank, or one end of a line; so it is told once, and what only follows from it is
    /// folded under it or left out. What is told was tried: with the change that the help asks for, the line is right.
    ///
    /// The usual cause is a file without a line end at its end, to which another was appended, or a template that eats blanks.
    ///
    /// ## Example
    ///
    /// ```haproxy bad
    /// defaults
    ///     mode http
    ///     timeout client 30s
    ///
    /// frontend web
    ///     bind*:80
    ///     http-request return status 200
    /// ```
    ///
    /// ## Use instead
    ///
    /// ```haproxy good
    /// defaults
    ///     mode http
    ///     timeout client 30s
    ///
    /// frontend web
    ///     bind *:80
    ///     http-request return status 200
    /// ```
    ///
    /// ## Source
    ///
    /// HAProxy manual, chapter 2.2; each form was held against HAProxy 2.6 and 2.8 before and after.
    "syntax/word-boundary", Error, Run, mends: true
}
