// Stands for the instrumentation that inngest loads for tracing, which Incipit does not switch on.
module.exports = {}
