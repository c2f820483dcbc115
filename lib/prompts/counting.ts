/**
 * How a read is counted in the usage figures. REST leaves it out; MCP's prompts/get counts as `get`, a
 * tool call as `tool` with the tool's name, so that one call is counted once, under what the agent did.
 */
export interface Counting {
  operation: 'get' | 'render' | 'tool'
  tool?: string
}
