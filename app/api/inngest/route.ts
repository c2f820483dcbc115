import { inngestRoute } from '#inngest/route.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = inngestRoute()
