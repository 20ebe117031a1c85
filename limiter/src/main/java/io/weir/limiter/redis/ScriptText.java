package io.weir.limiter.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A script, and the digest that Redis knows it by once it has seen it. Immutable. */
final class ScriptText {
  private final byte[] text;
  private final String digest;

  private ScriptText(byte[] text, String digest) {
    this.text = text;
    this.digest = digest;
  }

  /** In Lua. Not to be changed. */
  byte[] text() {
    return text;
  }

  /** SHA-1, hexadecimal, as {@code EVALSHA} takes it. */
  String digest() {
    return digest;
  }

  /** The script that judges. */
  static ScriptText load() {
    return load("judge.lua");
  }

  /** The script that reads the rows of an identifier. */
  static ScriptText ofRows() {
    return load("rows.lua");
  }

  private static ScriptText load(String name) {
    try (InputStream in = ScriptText.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("this library lacks its own file " + name);
      }
      byte[] text = in.readAllBytes();
      byte[] digest = MessageDigest.getInstance("SHA-1").digest(text);
      return new ScriptText(text, HexFormat.of().formatHex(digest));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-1", e);
    }
  }
}
