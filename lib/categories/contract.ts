import { contract } from '../contract.ts'
import {
  Category,
  CategoryList,
  CategoryPath,
  CreateCategoryInput,
  CurrentCategoryPath,
  MergeCategoryInput,
  MergedCategory,
  OrderCategoriesInput,
  PatchCategoryInput,
} from './schema.ts'

const TAG = 'Categories'

export const listCategoriesContract = contract({
  id: 'listCategories',
  method: 'GET',
  path: '/api/categories',
  tag: TAG,
  summary: 'List all categories with the number of their prompts',
  output: CategoryList,
  status: 200,
  errors: ['forbidden'],
})

export const createCategoryContract = contract({
  id: 'createCategory',
  method: 'POST',
  path: '/api/categories',
  tag: TAG,
  summary: 'Create a category',
  body: CreateCategoryInput,
  output: Category,
  status: 201,
  errors: ['forbidden', 'conflict', 'unprocessable'],
  idempotent: true,
  location: (category) => `/api/categories/${category.slug}`,
})

export const patchCategoryContract = contract({
  id: 'patchCategory',
  method: 'PATCH',
  path: '/api/categories/{slug}',
  tag: TAG,
  summary: 'Change slug, name, description, color or position of a category',
  params: CurrentCategoryPath,
  body: PatchCategoryInput,
  output: Category,
  status: 200,
  errors: ['forbidden', 'not_found', 'conflict'],
})

export const deleteCategoryContract = contract({
  id: 'deleteCategory',
  method: 'DELETE',
  path: '/api/categories/{slug}',
  tag: TAG,
  summary: 'Delete a category that no prompt is in',
  description: 'Archived prompts count: they may be restored. Move the prompts first.',
  params: CategoryPath,
  status: 204,
  errors: ['forbidden', 'not_found', 'conflict'],
})

export const mergeCategoryContract = contract({
  id: 'mergeCategory',
  method: 'POST',
  path: '/api/categories/{slug}/merge',
  tag: TAG,
  summary: 'Move all prompts of a category to another one and delete it',
  description: 'Archived prompts move too. Each prompt that moved gets another ETag.',
  params: CategoryPath,
  body: MergeCategoryInput,
  output: MergedCategory,
  status: 200,
  errors: ['forbidden', 'not_found', 'unprocessable'],
})

export const orderCategoriesContract = contract({
  id: 'orderCategories',
  method: 'PUT',
  path: '/api/categories/order',
  tag: TAG,
  summary: 'Put all categories in order',
  description:
    'The list must name every category: 409 with `missing` and `unknown` when it does not, 422 when it names one twice.',
  body: OrderCategoriesInput,
  output: CategoryList,
  status: 200,
  errors: ['forbidden', 'conflict', 'unprocessable'],
})
