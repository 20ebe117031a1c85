package io.weir.streams.cli.dev;

import io.weir.streams.real.RealBroker;

/** A program that starts a broker and waits to be killed; says the broker's pid and directory. */
public final class BrokerHolder {
  private BrokerHolder() {}

  /** Runs until killed. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws InterruptedException {
    KafkaProcess kafka = KafkaProcess.start(RealBroker.files());
    System.out.println("broker " + kafka.pid() + " " + kafka.log().getParent());
    Thread.currentThread().join();
  }
}
