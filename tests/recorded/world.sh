#!/bin/sh
# Make a small distribution inside a private root: packages built by the real tools, in a repository on its own disk.
# Its files lie where no Python of the root looks, so that nothing else is disturbed.
# shellcheck disable=SC2016,SC2086 # the PKGBUILDs expand their own variables; lists of words are lists
set -eu
# Debian's rpm has a database for each user; a distribution of rpms has one.
mkdir -p /etc/rpm /var/lib/rpm
echo '%_dbpath /var/lib/rpm' > /etc/rpm/macros
mkdir -p /world/rpms /world/pkgs; cd /world
site=/usr/lib/python3.99/site-packages
cat > all.spec <<SPEC
%define _binary_payload w1.gzdio
Name: python3
Version: 3.99.1
Release: 4.fc41
Summary: The Python of this distribution
License: PSF
BuildArch: noarch
AutoReqProv: no
Provides: python(abi) = 3.99
%description
Python.
%files
/usr/lib/python3.99/EXTERNALLY-MANAGED
%package -n python3-six
AutoReqProv: no
Summary: Six
Version: 1.16.0
Release: 9.fc41
Provides: python3dist(six) = 1.16, python3.99dist(six) = 1.16
Requires: python(abi) = 3.99
%description -n python3-six
Six.
%files -n python3-six
$site/six.py
$site/six-1.16.0.dist-info
%package -n python3-idna
AutoReqProv: no
Summary: Idna
Version: 3.3
Release: 2.fc41
Epoch: 1
Provides: python3dist(idna) = 3.3
Requires: python(abi) = 3.99
%description -n python3-idna
Idna.
%files -n python3-idna
$site/idna
$site/idna-3.3.dist-info
%config(noreplace) /etc/idna.conf
%package -n python3-requests
AutoReqProv: no
Summary: Requests
Version: 2.28.1
Release: 3.fc41
Provides: python3dist(requests) = 2.28.1
Requires: python(abi) = 3.99
%description -n python3-requests
Requests.
%files -n python3-requests
$site/requests
%package -n firewalld
AutoReqProv: no
Summary: A program
Version: 2.2.1
Release: 1.fc41
Requires: python(abi) = 3.99
%description -n firewalld
Program.
%files -n firewalld
/usr/bin/firewall-cmd
%package -n glibc
Summary: What libzypp looks for
AutoReqProv: no
%description -n glibc
Nothing.
%files -n glibc
%install
R=%{buildroot}; S=\$R$site
mkdir -p \$S/idna \$S/requests \$S/six-1.16.0.dist-info \$S/idna-3.3.dist-info \$R/etc \$R/usr/bin
echo managed > \$R/usr/lib/python3.99/EXTERNALLY-MANAGED
echo six > \$S/six.py; echo idna > \$S/idna/__init__.py; echo core > \$S/idna/core.py; echo r > \$S/requests/__init__.py
for d in six-1.16.0 idna-3.3; do echo "Name: x" > \$S/\$d.dist-info/METADATA; echo rpm > \$S/\$d.dist-info/INSTALLER; done
echo conf > \$R/etc/idna.conf; echo '#!/bin/sh' > \$R/usr/bin/firewall-cmd
SPEC
rpmbuild -bb --quiet --define "_topdir /world/build" --define "_rpmdir /world/rpms" --define "_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm" --define "__os_install_post %{nil}" --define "_dbpath /var/lib/rpm" all.spec
createrepo_c -q rpms
mkdir -p /etc/yum.repos.d /etc/dnf /etc/zypp/repos.d
printf '[main]\ngpgcheck=0\n' > /etc/dnf/dnf.conf
printf '[world]\nname=World\nbaseurl=file:///world/rpms\nenabled=1\ngpgcheck=0\nautorefresh=0\n' | tee /etc/yum.repos.d/world.repo > /etc/zypp/repos.d/world.repo
# The same for pacman.
site=usr/lib/python3.99/site-packages
package() { # name version what it needs, then path=content
    mkdir -p "/world/pkgs/$1"
    { printf '%s\n' "pkgname=$1" "pkgver=$2" pkgrel=7 'options=(!strip)' "arch=(any)" "pkgdesc=$1" "depends=($3)"
      [ "$1" != python-idna ] || printf '%s\n' epoch=1 "backup=(etc/idna.conf)"; echo 'package() {'
      shift 3; for each in "$@"; do printf 'mkdir -p "$pkgdir/%s"; echo %s > "$pkgdir/%s"\n' "$(dirname "${each%%=*}")" "${each#*=}" "${each%%=*}"; done; echo '}'
    } > "/world/pkgs/$name/PKGBUILD"
}
for name in python python-six python-idna python-requests firewalld; do
    case $name in
    python) package $name 3.99.1 '' usr/lib/python3.99/EXTERNALLY-MANAGED=managed ;;
    python-six) package $name 1.16.0 python $site/six.py=six $site/six-1.16.0.dist-info/METADATA=six ;;
    python-idna) package $name 3.3 python $site/idna/__init__.py=idna $site/idna/core.py=core $site/idna-3.3.dist-info/METADATA=idna etc/idna.conf=conf ;;
    python-requests) package $name 2.28.1 python $site/requests/__init__.py=r ;;
    firewalld) package $name 2.2.1 python usr/bin/firewall-cmd=x ;;
    esac
    chmod 777 /world/pkgs; chown -R nobody "/world/pkgs/$name"
    (cd "/world/pkgs/$name"; setpriv --reuid=65534 --clear-groups env HOME=/world/pkgs PKGEXT=.pkg.tar.gz PKGDEST=/world/pkgs PACKAGER=world makepkg --nodeps --force)
done
cd /world/pkgs
repo-add -q world.db.tar.gz *.pkg.tar.gz
mkdir -p /etc/pacman.d /var/lib/pacman /var/cache/pacman/pkg
printf '[options]\nArchitecture = auto\nSigLevel = Never\n[world]\nServer = file:///world/pkgs\n' > /etc/pacman.conf
