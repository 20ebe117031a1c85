package io.weir.limiter.http;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The three forms of an HTTP-date, RFC 9110 section 5.6.7: IMF-fixdate, and of old RFC 850 and
 * asctime. The name of the weekday is not compared with the date.
 */
final class HttpDates {
  private static final String TIME_GMT = " HH:mm:ss 'GMT'";
  private static final Pattern LEAP_SECOND = Pattern.compile("\\b(\\d\\d:\\d\\d):60\\b");
  private static final int YEAR_DIGITS = 4;
  private static final DateTimeFormatter IMF_FIXDATE =
      english(form("dd MMM ").appendValue(ChronoField.YEAR, YEAR_DIGITS).appendPattern(TIME_GMT));
  private static final DateTimeFormatter ASCTIME =
      english(form("MMM ppd HH:mm:ss ").appendValue(ChronoField.YEAR, YEAR_DIGITS));

  private HttpDates() {}

  /**
   * The time that a text says.
   *
   * @param now a year of two digits is the last such year that is at most 50 years after this
   */
  static Optional<Instant> parse(String text, Instant now) {
    // Java's times have no second 60, which is a leap second.
    String known = LEAP_SECOND.matcher(text).replaceFirst("$1:59");
    return parseKnown(known, now).map(at -> known.equals(text) ? at : at.plusSeconds(1));
  }

  private static Optional<Instant> parseKnown(String text, Instant now) {
    int comma = text.indexOf(", ");
    if (comma > 0) {
      String rest = text.substring(comma + 2);
      return parse(rest, IMF_FIXDATE).or(() -> parse(rest, rfc850(now)));
    }
    // asctime has a weekday of three letters.
    return text.length() > 4 ? parse(text.substring(4), ASCTIME) : Optional.empty();
  }

  private static Optional<Instant> parse(String text, DateTimeFormatter form) {
    try {
      return Optional.of(LocalDateTime.parse(text, form).toInstant(ZoneOffset.UTC));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static DateTimeFormatter rfc850(Instant now) {
    int earliestYear = now.atOffset(ZoneOffset.UTC).getYear() - 49;
    return english(
        form("dd-MMM-")
            .appendValueReduced(ChronoField.YEAR, 2, 2, earliestYear)
            .appendPattern(TIME_GMT));
  }

  private static DateTimeFormatterBuilder form(String pattern) {
    return new DateTimeFormatterBuilder().appendPattern(pattern);
  }

  private static DateTimeFormatter english(DateTimeFormatterBuilder form) {
    // Strict, or else 31 Feb is 28 Feb.
    return form.toFormatter(Locale.ENGLISH).withResolverStyle(ResolverStyle.STRICT);
  }
}
