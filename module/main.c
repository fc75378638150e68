// SPDX-License-Identifier: GPL-2.0
/*
 * The module and its device, /dev/oncpu: see <oncpu/ioctl.h>.
 *
 * One open file is one recording. SETUP gives it rings, START and STOP turn the probes on and
 * off, as often as one likes; its lock guards all that. The rings live until the file's last user
 * is gone; a mapping is a user, so they cannot go while they are mapped, and the module cannot be
 * unloaded.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include <oncpu/ioctl.h>

#include "probes.h"
#include "ring.h"

struct recording {
	struct mutex lock;	   /* guards the two below */
	struct oncpu_rings *rings; /* NULL: not set up */
	bool running;
};

static unsigned long device_open; /* bit 0: somebody records */

static int recording_setup(struct recording *rec, struct oncpu_setup *setup)
{
	struct oncpu_rings *rings;

	if (setup->version != ONCPU_ABI_VERSION || setup->pad)
		return -EINVAL;
	if (setup->order < ONCPU_MIN_ORDER || setup->order > ONCPU_MAX_ORDER)
		return -EINVAL;
	if (rec->rings)
		return -EBUSY;
	setup->recorded = setup->types & oncpu_probes_types();
	rings = oncpu_rings_alloc(setup->order, setup->recorded);
	if (IS_ERR(rings))
		return PTR_ERR(rings);
	rec->rings = rings;
	setup->nr_cpus = rings->nr_cpus;
	setup->control_bytes = rings->control_bytes;
	setup->records_bytes = rings->records_bytes;
	return 0;
}

static int recording_start(struct recording *rec)
{
	int err;

	if (!rec->rings || rec->running)
		return -EINVAL;
	err = oncpu_probes_attach(rec->rings);
	rec->running = !err;
	oncpu_rings_turn(rec->rings, rec->running);
	return err;
}

static int recording_stop(struct recording *rec)
{
	if (!rec->running)
		return -EINVAL;
	oncpu_rings_turn(rec->rings, false);
	oncpu_probes_detach(rec->rings);
	oncpu_rings_publish(rec->rings);
	rec->running = false;
	return 0;
}

/* User memory is touched outside the lock: mmap() takes the lock under mmap_lock. */
static long ioctl_setup(struct recording *rec, struct oncpu_setup __user *arg)
{
	struct oncpu_setup setup;
	int err;

	if (copy_from_user(&setup, arg, sizeof(setup)))
		return -EFAULT;
	mutex_lock(&rec->lock);
	err = recording_setup(rec, &setup);
	mutex_unlock(&rec->lock);
	if (err)
		return err;
	return copy_to_user(arg, &setup, sizeof(setup)) ? -EFAULT : 0;
}

static long oncpu_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct recording *rec = file->private_data;
	int err = -ENOTTY;

	if (cmd == ONCPU_IOC_SETUP)
		return ioctl_setup(rec, (struct oncpu_setup __user *)arg);
	mutex_lock(&rec->lock);
	if (cmd == ONCPU_IOC_START)
		err = recording_start(rec);
	else if (cmd == ONCPU_IOC_STOP)
		err = recording_stop(rec);
	mutex_unlock(&rec->lock);
	return err;
}

static int map_control(struct oncpu_rings *rings, struct vm_area_struct *vma)
{
	if (vma->vm_end - vma->vm_start != rings->control_bytes)
		return -EINVAL;
	return remap_vmalloc_range(vma, rings->control, 0);
}

static int map_records(struct oncpu_rings *rings, struct vm_area_struct *vma)
{
	if (vma->vm_end - vma->vm_start != rings->records_bytes)
		return -EINVAL;
	if (vma->vm_flags & VM_WRITE)
		return -EACCES;
	vm_flags_clear(vma, VM_MAYWRITE); /* nor by mprotect() later */
	return remap_vmalloc_range(vma, rings->records, 0);
}

static int oncpu_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct recording *rec = file->private_data;
	int err = -EINVAL;

	if (!(vma->vm_flags & VM_SHARED) || (vma->vm_flags & VM_EXEC))
		return -EINVAL;
	vm_flags_clear(vma, VM_MAYEXEC);
	mutex_lock(&rec->lock);
	if (!rec->rings)
		goto unlock;
	if (!vma->vm_pgoff)
		err = map_control(rec->rings, vma);
	else if (vma->vm_pgoff == rec->rings->control_bytes >> PAGE_SHIFT)
		err = map_records(rec->rings, vma);
unlock:
	mutex_unlock(&rec->lock);
	return err;
}

static int oncpu_open(struct inode *inode, struct file *file)
{
	struct recording *rec = kzalloc(sizeof(*rec), GFP_KERNEL);

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
	struct recording *rec = file->private_data;

	recording_stop(rec);
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
