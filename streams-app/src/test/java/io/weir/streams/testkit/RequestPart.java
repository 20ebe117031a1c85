package io.weir.streams.testkit;

/**
 * One thing that is said of a request: {@code request(user("42"), endpoint("/login"), cost(5))}.
 */
public sealed interface RequestPart {

  /**
   * A fact about the request that rules match on.
   *
   * @param key the attribute
   * @param value its value
   */
  record Attribute(String key, String value) implements RequestPart {}

  /**
   * The tokens that the request takes; 1 where nothing is said.
   *
   * @param tokens the number; 0 peeks
   */
  record Cost(long tokens) implements RequestPart {}

  /**
   * The domain of the request; that of the rules where nothing is said.
   *
   * @param name the domain
   */
  record Domain(String name) implements RequestPart {}

  /** Any attribute. */
  static RequestPart attribute(String key, String value) {
    return new Attribute(key, value);
  }

  /** The attribute {@code user_id}. */
  static RequestPart user(String id) {
    return attribute("user_id", id);
  }

  /** The attribute {@code api_key}. */
  static RequestPart apiKey(String key) {
    return attribute("api_key", key);
  }

  /** The attribute {@code ip}. */
  static RequestPart ip(String address) {
    return attribute("ip", address);
  }

  /** The attribute {@code endpoint}. */
  static RequestPart endpoint(String path) {
    return attribute("endpoint", path);
  }

  /** The attribute {@code method}. */
  static RequestPart method(String name) {
    return attribute("method", name);
  }

  /** The tokens that the request takes; 0 peeks. */
  static RequestPart cost(long tokens) {
    return new Cost(tokens);
  }

  /** The domain of the request. */
  static RequestPart domain(String name) {
    return new Domain(name);
  }
}
