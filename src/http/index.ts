export { cancelBody, Exchange, urlName, type ExchangeOptions } from './exchange.js';
export { explainStatus, retryAfterMs, tryAgain } from './explain-status.js';
export { isTransient, RetryPolicy } from './retry-policy.js';
