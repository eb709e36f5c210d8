using System.Text.RegularExpressions;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Devices of a practitioner whose practice keeps its diary in Halaxy: what is kept is put back (R6), and what becomes of one device's access holds up nothing (R12).</summary>
public sealed partial class ConnectedDeviceTests : HalaxyPageTest
{
    [Fact]
    public async Task R6_What_a_phone_removed_and_Halaxy_has_an_invoice_for_is_put_back_with_one_button()
    {
        var id = await There.BookAsync(Now);
        await There.DoAsync("invoice", new() { ["appointment"] = id });
        using var phone = Server.Client(await Server.AddPasswordAsync(Maya));
        var here = await ConnectedAsync(id);
        var path = $"{phone.Calendar("hx")}{here.Id}.ics";
        Assert.Equal(204, (await phone.DeleteAsync(path)).Status);
        Assert.Equal(404, (await phone.GetAsync(path)).Status);
        using var maya = await SignedInAsync("maya");
        var page = await maya.GetAsync("/settings/sync");
        Assert.Contains("invoice", page.Text, StringComparison.Ordinal);
        var after = await maya.PostAsync("/settings/sync", "/settings/sync?handler=Restore", ("appointment", here.Id), ("occurrence", ""));
        Assert.Contains("in your calendar again", after.Text, StringComparison.Ordinal);
        Assert.Contains("Nothing: all is well.", after.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await phone.GetAsync(path)).Status);
        // and the mirror goes on with it
        await There.DoAsync("comment", new() { ["appointment"] = id, ["comments"] = "Room 2" });
        await UntilAsync(async () => (await phone.GetAsync(path)).Text.Contains("Room 2", StringComparison.Ordinal), "what is changed in Halaxy is on the phone");
        Assert.True((bool)(await There.ShowAsync(id))["takesPlace"]!);
        Assert.Single(await HereAsync());
    }

    [Fact]
    public async Task R12_When_a_password_is_made_anew_or_a_device_removed_the_mirror_goes_on()
    {
        var id = await There.BookAsync(Now);
        var (tablet, lost) = (await Server.AddPasswordAsync(Maya), await Server.AddPasswordAsync(Maya));
        var here = await ConnectedAsync(id);
        using var maya = await SignedInAsync("maya");
        using var old = Server.Client(tablet);
        var page = await maya.PostAsync($"/settings/integrations/devices/{tablet.Credential.Id}", $"/settings/integrations/devices/{tablet.Credential.Id}/password");
        using var renewed = Server.Client(tablet with { Secret = NewPassword().Match(page.Text).Groups[1].Value });
        var path = $"{renewed.Calendar("hx")}{here.Id}.ics";
        Assert.Equal((401, 200), ((await old.GetAsync(path)).Status, (await renewed.GetAsync(path)).Status));
        await There.DoAsync("comment", new() { ["appointment"] = id, ["comments"] = "Room 2" });
        await UntilAsync(async () => (await renewed.GetAsync(path)).Text.Contains("Room 2", StringComparison.Ordinal), "what is changed in Halaxy is on the device with its new password");

        await maya.PostAsync($"/settings/sync/devices/{lost.Credential.Id}", $"/settings/sync/devices/{lost.Credential.Id}/revoke", ("sure", "true"));
        using var gone = Server.Client(lost);
        await UntilAsync(async () => (await gone.GetAsync(path)).Status == 401, "the device that is removed sees nothing");
        await There.BookAsync(Now, days: 3);
        await UntilAsync(async () => (await HereAsync()).Count == 2, "the diary follows Halaxy");
        var moved = (await renewed.GetAsync(path)).Text.Replace("Room 2", "Room 3", StringComparison.Ordinal);
        Assert.Equal(204, (await renewed.PutAsync(path, moved)).Status);
        await UntilAsync(async () => (string?)(await There.ShowAsync(id))["comments"] == "Room 3", "what the device changes is in Halaxy");
    }

    private async Task<Practice.Diaries.Appointment> ConnectedAsync(string id)
    {
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == id), "the booking is in the diary");
        return (await HereAsync()).Single(one => one.HalaxyId == id);
    }

    [GeneratedRegex("<code id=\"password\">([^<]+)</code>")]
    private static partial Regex NewPassword();
}
