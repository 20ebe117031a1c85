package io.weir.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Who asks, in the order of asking. */
public final class Users {
  private Users() {}

  /** So many users in an order that memory does not follow; the same at each call. */
  public static List<String> shuffled(int count) {
    List<String> users = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      users.add("user-" + (1_000_000 + i));
    }
    Collections.shuffle(users, new Random(42));
    return users;
  }
}
