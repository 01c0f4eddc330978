export { buildImage, WORKSPACE } from './build.ts';
export { COMMANDS, IMAGE_NAMES, IMAGES, imageTag, type ImageName } from './image.ts';
