// Stands for the instrumentations that inngest loads for tracing, which Incipit does not switch on.
module.exports = {}
