/** The Redis whose behaviour the embedded broker follows, as it says in HELLO and INFO. */
export const BROKER_VERSION = "7.2.0";
