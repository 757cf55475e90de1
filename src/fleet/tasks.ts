export { isIngestionImage, isIngestionTask, type Task, type TaskContainer, taskFrom } from './task.ts';
