package io.weir.limiter.rule;

/** Tells where a part of the rules was written; messages begin with it. */
@FunctionalInterface
interface Place {
  /** For rules that were not read from a file: the path in the tree says where. */
  Place PATH = (field, path) -> path;

  /**
   * The beginning of a message.
   *
   * @param field the key as a rules file spells it; empty for the whole part
   * @param path the path of the part in the tree: {@code api.user_id_42}
   */
  String of(String field, String path);
}
