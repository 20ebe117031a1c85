package io.weir.streams.real;

import io.weir.schemas.RequestEvent;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/** Makes a request for each number. */
@FunctionalInterface
interface RequestSource {
  RequestEvent request(int number, Random random);

  /** The key of a request's record. */
  default Optional<String> key(RequestEvent request) {
    return Optional.empty();
  }

  /** Tells what became of an earlier request. */
  default void decided(Run.Decided decided) {}

  /** The same requests, with keys. */
  default RequestSource keyedBy(Function<RequestEvent, String> keys) {
    RequestSource requests = this;
    return new RequestSource() {
      @Override
      public RequestEvent request(int number, Random random) {
        return requests.request(number, random);
      }

      @Override
      public Optional<String> key(RequestEvent request) {
        return Optional.of(keys.apply(request));
      }

      @Override
      public void decided(Run.Decided decided) {
        requests.decided(decided);
      }
    };
  }
}
