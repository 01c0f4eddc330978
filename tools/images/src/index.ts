export { buildImage, WORKSPACE } from './build.ts';
export { IMAGE_NAMES, IMAGES, imageTag, type ImageName } from './image.ts';
