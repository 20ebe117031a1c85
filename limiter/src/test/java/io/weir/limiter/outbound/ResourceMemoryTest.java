package io.weir.limiter.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResourceMemoryTest {
  private final ResourceMemory memory = new ResourceMemory();

  @Test
  void aRequestThatWasAnsweredGoesByTheLastAnswer() {
    put("GET /a", "core");
    put("GET /a", "search");

    assertThat(memory.find(Endpoint.split("GET /a"))).hasValue("search");
  }

  @Test
  void aPathThatIsNotKnownGoesByTheLastAnswerToItsMethod() {
    put("GET /a", "core");
    put("POST /b", "graphql");

    assertThat(memory.find(Endpoint.split("GET /c"))).hasValue("core");
    assertThat(memory.find(Endpoint.split("PUT /c"))).hasValue("graphql");
  }

  @Test
  void whatWasAnsweredLongAgoIsForgotten() {
    for (int i = 0; i < 400; i++) {
      put("GET /p" + i, "r" + i);
    }

    assertThat(memory.find(Endpoint.split("GET /p0"))).hasValue("r399");
    // The whole path of the last one, all paths of GET, and all requests are remembered, too.
    assertThat(memory.find(Endpoint.split("GET /p145"))).hasValue("r399");
    assertThat(memory.find(Endpoint.split("GET /p146"))).hasValue("r146");
  }

  @Test
  void ofALongPathTheBeginningCounts() {
    put("GET /1/2/3/4/5/6/7/8/9", "core");
    put("GET /", "other");

    assertThat(memory.find(Endpoint.split("GET /1/2/3/4/5/6/7/8/x"))).hasValue("core");
  }

  private void put(String endpoint, String resource) {
    memory.put(Endpoint.split(endpoint), resource);
  }
}
