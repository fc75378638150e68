// SPDX-License-Identifier: GPL-2.0
/*
 * The module and its device, /dev/oncpu: see <oncpu/ioctl.h>.
 *
 * One open file is one recording. SETUP gives it rings, START and STOP turn the probes on and
 * off, as often as one likes; its lock guards all that. The rings live until the file's last user
 * is gone; a mapping is a user, so they cannot go while they are mapped, and the module cannot be
 * unloaded.
 *
 * mmap() does without the lock, under which START and STOP wait for much of the kernel: it comes
 * with mmap_lock held, which must not wait for all that.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include <oncpu/ioctl.h>

#include "probes.h"
#include "recording.h"

static unsigned long device_open; /* bit 0: somebody records */

static int check_setup(const struct oncpu_setup *setup)
{
	if (setup->version != ONCPU_ABI_VERSION || setup->pad || setup->pad2)
		return -EINVAL;
	if (setup->order < ONCPU_MIN_ORDER || setup->order > ONCPU_MAX_ORDER)
		return -EINVAL;
	return 0;
}

static void tell_setup(const struct oncpu_recording *rec, struct oncpu_setup *setup)
{
	setup->recorded = rec->rings->types;
	setup->nr_cpus = rec->rings->nr_cpus;
	setup->control_bytes = rec->rings->control_bytes;
	setup->records_bytes = rec->rings->records_bytes;
	setup->tasks_bytes = rec->chosen.tasks ? ONCPU_TASKS_BYTES : 0;
}

/* Reads user memory, for once under the lock: no mmap() waits for it. */
static int recording_setup(struct oncpu_recording *rec, struct oncpu_setup *setup)
{
	struct oncpu_rings *rings;
	int err;

	if (rec->rings)
		return -EBUSY;
	err = check_setup(setup);
	if (err)
		return err;
	err = oncpu_chosen_init(&rec->chosen, setup);
	if (err)
		return err;
	rings = oncpu_rings_alloc(setup->order, setup->types & oncpu_probes_types());
	if (IS_ERR(rings)) {
		oncpu_chosen_free(&rec->chosen);
		return PTR_ERR(rings);
	}
	/* Release: whoever sees the rings sees what is in them, and the choice. */
	smp_store_release(&rec->rings, rings);
	tell_setup(rec, setup);
	return 0;
}

static int recording_start(struct oncpu_recording *rec)
{
	int err;

	if (!rec->rings || rec->running)
		return -EINVAL;
	memset(&rec->flights, 0, sizeof(rec->flights)); /* those of an earlier START have landed */
	err = oncpu_probes_attach(rec);
	rec->running = !err;
	return err;
}

static int recording_stop(struct oncpu_recording *rec)
{
	if (!rec->running)
		return -EINVAL;
	oncpu_probes_detach(rec);
	oncpu_rings_publish(rec->rings);
	rec->running = false;
	return 0;
}

static long ioctl_setup(struct oncpu_recording *rec, struct oncpu_setup __user *arg)
{
	struct oncpu_setup setup;
	int err;

	if (copy_from_user(&setup, arg, sizeof(setup)))
		return -EFAULT;
	if (mutex_lock_killable(&rec->lock))
		return -EINTR;
	err = recording_setup(rec, &setup);
	mutex_unlock(&rec->lock);
	if (err)
		return err;
	return copy_to_user(arg, &setup, sizeof(setup)) ? -EFAULT : 0;
}

static long oncpu_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct oncpu_recording *rec = file->private_data;
	int err;

	if (cmd == ONCPU_IOC_SETUP)
		return ioctl_setup(rec, (struct oncpu_setup __user *)arg);
	if (cmd != ONCPU_IOC_START && cmd != ONCPU_IOC_STOP)
		return -ENOTTY;
	if (mutex_lock_killable(&rec->lock))
		return -EINTR;
	err = cmd == ONCPU_IOC_START ? recording_start(rec) : recording_stop(rec);
	mutex_unlock(&rec->lock);
	return err;
}

/* Pages that user space only reads: nor will mprotect() let it write. */
static int make_readonly(struct vm_area_struct *vma)
{
	if (vma->vm_flags & VM_WRITE)
		return -EACCES;
	vm_flags_clear(vma, VM_MAYWRITE);
	return 0;
}

static int map_whole(struct vm_area_struct *vma, void *memory, size_t bytes)
{
	if (vma->vm_end - vma->vm_start != bytes)
		return -EINVAL;
	return remap_vmalloc_range(vma, memory, 0);
}

static int oncpu_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct oncpu_recording *rec = file->private_data;
	/* Acquire: with the rings comes what SETUP did before. */
	struct oncpu_rings *rings = smp_load_acquire(&rec->rings);
	unsigned long records_at, tasks_at;
	int err;

	if (!rings || !(vma->vm_flags & VM_SHARED) || vma->vm_flags & VM_EXEC)
		return -EINVAL;
	vm_flags_clear(vma, VM_MAYEXEC);
	records_at = rings->control_bytes >> PAGE_SHIFT;
	tasks_at = records_at + (rings->records_bytes >> PAGE_SHIFT);
	if (!vma->vm_pgoff)
		return map_whole(vma, rings->control, rings->control_bytes);
	if (vma->vm_pgoff == tasks_at && rec->chosen.tasks)
		return map_whole(vma, rec->chosen.tasks, ONCPU_TASKS_BYTES);
	if (vma->vm_pgoff != records_at)
		return -EINVAL;
	err = make_readonly(vma);
	return err ? err : map_whole(vma, rings->records, rings->records_bytes);
}

static int oncpu_open(struct inode *inode, struct file *file)
{
	struct oncpu_recording *rec;

	/* The records tell of everybody, and of the kernel's addresses: the mode may be changed. */
	if (!perfmon_capable())
		return -EPERM;
	rec = kzalloc(sizeof(*rec), GFP_KERNEL);
	if (!rec)
		return -ENOMEM;
	if (test_and_set_bit(0, &device_open)) {
		kfree(rec);
		return -EBUSY;
	}
	mutex_init(&rec->lock);
	file->private_data = rec;
	return 0;
}

static int oncpu_release(struct inode *inode, struct file *file)
{
	struct oncpu_recording *rec = file->private_data;

	recording_stop(rec);
	if (rec->rings)
		oncpu_chosen_free(&rec->chosen);
	oncpu_rings_free(rec->rings);
	mutex_destroy(&rec->lock);
	kfree(rec);
	clear_bit_unlock(0, &device_open);
	return 0;
}

static const struct file_operations oncpu_fops = {
	.owner = THIS_MODULE,
	.open = oncpu_open,
	.release = oncpu_release,
	.unlocked_ioctl = oncpu_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = oncpu_mmap,
};

static struct miscdevice oncpu_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "oncpu",
	.fops = &oncpu_fops,
	.mode = 0600,
};

static int __init oncpu_init(void)
{
	int err;

	oncpu_probes_find();
	err = misc_register(&oncpu_device);
	if (err)
		pr_err("cannot register the device: %d\n", err);
	return err;
}

static void __exit oncpu_exit(void)
{
	misc_deregister(&oncpu_device);
}

module_init(oncpu_init);
module_exit(oncpu_exit);

MODULE_DESCRIPTION("oncpu: records what the scheduler does, for learners of concurrency");
MODULE_LICENSE("GPL");
