package io.weir.streams.real;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Sends so many requests as fast as it goes, by two producers at once. */
final class Batch {
  private Batch() {}

  /** Sends the requests from one number up to another; returns when they are written. */
  static void send(RunningWeir weir, RequestSource requests, int from, int to) throws Exception {
    ExecutorService senders = Executors.newFixedThreadPool(2);
    try {
      List<Future<Integer>> done = new ArrayList<>();
      for (int half = 0; half < 2; half++) {
        int first = from + half;
        Callable<Integer> work =
            () -> {
              Random random = new Random(first);
              try (KafkaProducer<byte[], byte[]> producer = weir.producer()) {
                for (int i = first; i < to; i += 2) {
                  var unused = producer.send(weir.record(requests, i, random));
                }
              }
              return to;
            };
        done.add(senders.submit(work));
      }
      for (Future<Integer> each : done) {
        each.get();
      }
    } finally {
      senders.shutdownNow();
    }
  }
}
