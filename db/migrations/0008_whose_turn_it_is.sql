ALTER TABLE `outbox` ADD `share` text DEFAULT 'slack' NOT NULL;--> statement-breakpoint
ALTER TABLE `outbox` ADD `behind` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `outbox_heads` ON `outbox` (`share`,`priority`,`id`,`not_before`) WHERE done_at is null and behind = 0;--> statement-breakpoint
CREATE INDEX `outbox_lanes` ON `outbox` (`lane`,`id`) WHERE done_at is null;--> statement-breakpoint
UPDATE `outbox` SET `behind` = 1 WHERE done_at is null and `id` not in (SELECT min(`id`) FROM `outbox` WHERE done_at is null GROUP BY `lane`);--> statement-breakpoint
UPDATE `outbox` SET `share` = 'here' WHERE done_at is null and (`lane` like 'traffic:%' or `lane` like 'kill:%');--> statement-breakpoint
UPDATE `outbox` SET `share` = 'pages' WHERE done_at is null and `lane` like 'escalation:%';
