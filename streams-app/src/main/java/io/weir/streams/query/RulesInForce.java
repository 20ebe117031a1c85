package io.weir.streams.query;

import io.weir.limiter.rule.Match;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules that requests are judged by at the moment. Implementations are thread-safe. */
public interface RulesInForce {

  /** The limits that apply to a request with these attributes. */
  Match match(String domain, Map<String, String> attributes);

  /** The rules of all domains, by domain. */
  List<RulesDocument> all();

  /** The rules of a domain; empty if it has none. */
  Optional<RulesDocument> of(String domain);

  /**
   * The rules of one domain.
   *
   * @param domain the domain
   * @param revision the revision: the offset of their record in the rules topic
   * @param tree the rules in the shape of a rules file: maps, lists, strings, numbers and booleans
   */
  record RulesDocument(String domain, long revision, Map<String, Object> tree) {}
}
