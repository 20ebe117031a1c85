package io.weir.limiter.words;

/**
 * How far two words are apart, for messages that say what a misspelt one was probably meant to be.
 * How near is near enough, whoever asks decides. Public for Weir's other modules, and no part of
 * what the library is for.
 */
public final class EditDistance {
  private EditDistance() {}

  /**
   * Letters to insert, remove or exchange to make one word of the other (Levenshtein's distance,
   * row by row).
   */
  public static int between(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int exchanged = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(exchanged, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
