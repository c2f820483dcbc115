import { orderCategoriesContract } from '#lib/categories/contract.ts'
import { orderCategories } from '#lib/categories/operations/order-categories.ts'
import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'

/** No category can have the slug "order". */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(orderCategoriesContract, orderCategories)),
)
