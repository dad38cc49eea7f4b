import { containersOf, podsOf } from './objects.mjs';

/** Every image that pods would run, sorted. */
export const imagesOf = (objects) =>
  [...new Set(podsOf(objects).flatMap((pod) => containersOf(pod).map(({ image }) => image)))].sort();

/** Images without a fixed version, or that a list of images does not name. */
export function imageProblems(objects, listed) {
  return imagesOf(objects).flatMap((image) => [
    ...(/:latest$/.test(image) || !/[:@]/.test(image.split('/').at(-1)) ? [`${image} names no version`] : []),
    ...(listed.includes(image) ? [] : [`images.txt does not name ${image}`]),
  ]);
}

/** Images that are not taken from the registry that was asked for. */
export const registryProblems = (objects, registry) =>
  imagesOf(objects)
    .filter((image) => !image.startsWith(`${registry}/`))
    .map((image) => `${image} is not taken from ${registry}: a template names it by itself`);
