import { oauthRoute } from '#lib/oauth/protocol.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = oauthRoute
