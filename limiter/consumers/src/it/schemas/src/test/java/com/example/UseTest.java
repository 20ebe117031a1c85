package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.weir.schemas.RequestEvent;
import org.junit.jupiter.api.Test;

class UseTest {
  @Test
  void theContractsAreThere() {
    assertEquals("io.weir.schemas.RequestEvent", RequestEvent.getClassSchema().getFullName());
  }
}
