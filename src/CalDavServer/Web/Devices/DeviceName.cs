using CalDavServer.Web.SignIn;

namespace CalDavServer.Web.Devices;

/// <summary>What a device is called until its owner calls it something else: by the browser, which mostly is on it.</summary>
internal static class DeviceName
{
    /// <summary>A name that none of the others has.</summary>
    /// <param name="isApple">Whether an Apple device is added.</param>
    /// <param name="userAgent">What the browser calls itself.</param>
    /// <param name="others">The names of the devices that are there.</param>
    public static string Suggest(bool isApple, string? userAgent, IReadOnlyCollection<string> others)
    {
        var name = (isApple, BrowserName.SystemOf(userAgent)) switch
        {
            (_, "iPhone" or "iPad" or "Mac") and var (_, apple) => $"My {apple}",
            (true, _) => "My Apple device",
            (_, "Android") => "My Android phone",
            (_, "Windows" or "Linux") and var (_, system) => $"My {system} computer",
            (_, { } system) => $"My {system}",
            _ => "My calendar app",
        };
        return Enumerable.Range(1, others.Count + 1).Select(number => number == 1 ? name : $"{name} {number}").First(free => !others.Contains(free, StringComparer.OrdinalIgnoreCase));
    }
}
