/** Only POST means many prompts: the other methods are those of a prompt that is named "bulk". */
export { DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT } from '#lib/rest/route.ts'
