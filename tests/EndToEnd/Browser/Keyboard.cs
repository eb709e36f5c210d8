using Microsoft.Playwright;

namespace EndToEnd.Browser;

/// <summary>A person without a mouse: goes from one control to the next with the Tab key.</summary>
internal sealed class Keyboard(IPage page)
{
    private const int MostKeys = 200;

    /// <summary>Goes to a field and writes into it, in place of what is there.</summary>
    public async Task WriteAsync(ILocator field, string text)
    {
        await GoToAsync(field);
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync(text);
    }

    /// <summary>Goes to a link or button and presses Enter.</summary>
    public async Task PressAsync(ILocator control)
    {
        await GoToAsync(control);
        await page.Keyboard.PressAsync("Enter");
    }

    /// <summary>Goes to a choice and takes it with the space bar.</summary>
    public async Task ChooseAsync(ILocator choice)
    {
        await GoToAsync(choice);
        await page.Keyboard.PressAsync("Space");
    }

    private async Task GoToAsync(ILocator control)
    {
        await control.WaitForAsync();
        for (var key = 0; key < MostKeys; key++)
        {
            if (await control.EvaluateAsync<bool>("element => element === document.activeElement")) return;
            await page.Keyboard.PressAsync("Tab");
        }

        throw new InvalidOperationException($"The Tab key does not lead to {control}.");
    }
}
