export { DELETE, GET, HEAD, PATCH, POST, PUT } from '#lib/site/protocol.ts'
