/* SPDX-License-Identifier: Apache-2.0 */
#include "place.h"

#include <string.h>

#include "error.h"
#include "till-test.h"

/* As kernels write them: tags may be absent or several, a space in a path is \040, and the options
 * stand in two places. */
static const char TABLE[] =
    "26 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard\n"
    "31 26 0:44 / /srv/share rw,relatime shared:7 - nfs4 host:/export rw,vers=4.2\n"
    "32 26 8:17 / /mnt/fast\\040disk rw,nobarrier shared:9 master:2 - ext4 /dev/sdb1 rw\n"
    "33 26 8:18 / /mnt/other rw,relatime shared:10 - ext4 /dev/sdb2 rw,barrier=0\n"
    "34 26 0:50 / /var/lib/trial rw,relatime - overlay overlay "
    "rw,lowerdir=/a:/b,upperdir=/u,workdir=/w\n"
    "340 26 0:51 / /mnt/ram rw - tmpfs tmpfs rw,size=1024k\n"
    "35 26 0:52 / /cut\n"
    "36 26 0:53 / /undashed rw,relatime shared:1 nfs4 host:/x rw more more\n"
    "37 26 0:54 / /short rw - nfs4 host:/x\n"
    "38 26 0:55 / /last rw - cifs //host/x rw";

static void
test_types(void)
{
	g_assert_cmpint(till_place_judge("nfs4", "rw,vers=4.2"), ==, TILL_PLACE_NETWORK);
	g_assert_cmpint(till_place_judge("cifs", "rw"), ==, TILL_PLACE_NETWORK);
	g_assert_cmpint(till_place_judge("fuse.sshfs", "rw"), ==, TILL_PLACE_NETWORK);
	g_assert_cmpint(till_place_judge("overlay", "rw,lowerdir=/a"), ==, TILL_PLACE_OVERLAY);
	g_assert_cmpint(till_place_judge("fuse.fuse-overlayfs", "rw"), ==, TILL_PLACE_OVERLAY);
	g_assert_cmpint(till_place_judge("ext4", "rw,nobarrier"), ==, TILL_PLACE_NO_BARRIER);
	g_assert_cmpint(till_place_judge("ext4", "rw,barrier=0,errors=remount-ro"), ==,
			TILL_PLACE_NO_BARRIER);
	g_assert_cmpint(till_place_judge("reiserfs", "barrier=none"), ==, TILL_PLACE_NO_BARRIER);
	g_assert_cmpint(till_place_judge("ext4", "rw,barrier=1"), ==, TILL_PLACE_SOUND);
	g_assert_cmpint(till_place_judge("ext4", "rw,relatime"), ==, TILL_PLACE_SOUND);
	g_assert_cmpint(till_place_judge("tmpfs", "rw"), ==, TILL_PLACE_SOUND);
	g_assert_cmpint(till_place_judge("", ""), ==, TILL_PLACE_SOUND);
}

static void
test_mounts(void)
{
	g_assert_cmpint(till_place_judge_mount(TABLE, 26), ==, TILL_PLACE_SOUND);
	g_assert_cmpint(till_place_judge_mount(TABLE, 31), ==, TILL_PLACE_NETWORK);
	g_assert_cmpint(till_place_judge_mount(TABLE, 32), ==, TILL_PLACE_NO_BARRIER);
	g_assert_cmpint(till_place_judge_mount(TABLE, 33), ==, TILL_PLACE_NO_BARRIER);
	g_assert_cmpint(till_place_judge_mount(TABLE, 34), ==, TILL_PLACE_OVERLAY);
	g_assert_cmpint(till_place_judge_mount(TABLE, 340), ==, TILL_PLACE_SOUND);
	g_assert_cmpint(till_place_judge_mount(TABLE, 38), ==, TILL_PLACE_NETWORK);
	/* Numbers that are not there, and lines that are no mounts. */
	g_assert_cmpint(till_place_judge_mount(TABLE, 3), ==, TILL_PLACE_SOUND);
	g_assert_cmpint(till_place_judge_mount(TABLE, 35), ==, TILL_PLACE_SOUND);
	g_assert_cmpint(till_place_judge_mount(TABLE, 36), ==, TILL_PLACE_SOUND);
	g_assert_cmpint(till_place_judge_mount(TABLE, 37), ==, TILL_PLACE_SOUND);
	g_assert_cmpint(till_place_judge_mount("", 26), ==, TILL_PLACE_SOUND);
	g_assert_cmpint(till_place_judge_mount("\n\n", 26), ==, TILL_PLACE_SOUND);
}

/* Every way to cut the table short is read without a fault, and never makes a sound mount worse. */
static void
test_cut_tables(void)
{
	for (gsize length = 0; length < sizeof TABLE; length++) {
		g_autofree char *cut = g_strndup(TABLE, length);
		g_assert_cmpint(till_place_judge_mount(cut, 26), ==, TILL_PLACE_SOUND);
		g_assert_cmpint(till_place_judge_mount(cut, 340), ==, TILL_PLACE_SOUND);
	}
}

static void
test_missing(void)
{
	g_autofree char *root = till_test_temp_dir();
	g_autofree char *absent = g_build_filename(root, "absent", NULL);
	g_autofree char *warning = NULL;
	GError *error = NULL;
	g_assert_false(till_place_check(absent, &warning, &error));
	till_test_assert_error(error, TILL_ERROR_NOT_FOUND, "Check the path");
	g_assert_null(warning);
	till_test_remove_dir(root);
}

/* /proc is always there, of a type nobody refuses, whatever the tests run on. */
static void
test_accepted(void)
{
	g_autofree char *warning = NULL;
	g_autoptr(GError) error = NULL;
	g_assert_true(till_place_check("/proc", &warning, &error));
	g_assert_no_error(error);
	g_assert_null(warning);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/place/network-overlay-and-barrierless-types-are-known", test_types);
	g_test_add_func("/base/place/a-mount-is-found-by-its-number", test_mounts);
	g_test_add_func("/base/place/a-table-cut-anywhere-is-read", test_cut_tables);
	g_test_add_func("/base/place/a-missing-directory-is-said", test_missing);
	g_test_add_func("/base/place/a-sound-place-has-no-warning", test_accepted);
	return g_test_run();
}
