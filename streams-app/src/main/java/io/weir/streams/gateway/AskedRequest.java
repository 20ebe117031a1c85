package io.weir.streams.gateway;

import io.weir.limiter.Request;

/**
 * A request that makes sense.
 *
 * @param requestId the caller's name for it, or one that was made
 * @param request what is to be judged
 */
public record AskedRequest(String requestId, Request request) {}
