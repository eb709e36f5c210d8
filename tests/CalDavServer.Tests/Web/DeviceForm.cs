using System.Text.RegularExpressions;
using CalDavServer.Tests.Hosting;

namespace CalDavServer.Tests.Web;

/// <summary>The form that adds a device. Each has an id of its own, so that one that is sent twice makes one device.</summary>
internal static partial class DeviceForm
{
    public const string Path = "/settings/integrations/add/app";

    /// <summary>The id of the form on a page.</summary>
    public static string IdOn(PageAnswer page) => Id().Match(page.Text).Groups[1].Value;

    [GeneratedRegex("name=\"form\" value=\"([0-9a-f]+)\"")]
    private static partial Regex Id();
}
